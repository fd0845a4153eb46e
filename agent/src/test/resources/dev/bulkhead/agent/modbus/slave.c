/* A Modbus slave by libmodbus: one thread, any number of connections.
 *
 *   slave IMAGE [CLOSE_AFTER [rtu]]
 *
 * IMAGE has lines "h UNIT ADDRESS VALUE" (holding register) and "d UNIT ADDRESS VALUE" (discrete
 * input); coils are all there, off. Prints the port it listens on. Closes a connection after
 * CLOSE_AFTER requests, if given and not 0. With rtu, connections carry the frames of a serial line, which
 * libmodbus takes from them as from a port. Ends when its standard input does.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define UNITS 256
#define MOST_DESCRIPTORS 65536

static modbus_mapping_t *units[UNITS];
static int requests[MOST_DESCRIPTORS];

static void fail(const char *what)
{
    fprintf(stderr, "slave: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void load(const char *file)
{
    FILE *image = fopen(file, "r");
    char table;
    int unit, address, value;
    if (image == NULL)
        fail(file);
    while (fscanf(image, " %c %d %d %d", &table, &unit, &address, &value) == 4) {
        if (units[unit] == NULL)
            units[unit] = modbus_mapping_new(1000, 1000, 50000, 0);
        if (units[unit] == NULL)
            fail("no memory");
        if (table == 'h')
            units[unit]->tab_registers[address] = value;
        else
            units[unit]->tab_input_bits[address] = value;
    }
    fclose(image);
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
        listen(listener, 1024) < 0 || getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        fail("can't listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int poller, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0)
        fail("can't watch");
}

static void accept_one(int poller, int listener)
{
    int one = 1;
    int connection = accept(listener, NULL, NULL);
    if (connection < 0)
        return;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    requests[connection] = 0;
    watch(poller, connection);
}

static void serve(modbus_t *context, int connection, int close_after, int is_rtu)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    uint8_t first;
    int length = 1;
    modbus_set_socket(context, connection);
    if (is_rtu) {
        /* It hears one unit only: the one that is asked. */
        length = recv(connection, &first, 1, MSG_PEEK);
        if (length == 1)
            modbus_set_slave(context, first);
        else
            length = -1;
    }
    if (length > 0)
        length = modbus_receive(context, query);
    if (length > 0) {
        int unit = query[is_rtu ? 0 : 6];
        if (units[unit] == NULL)
            modbus_reply_exception(context, query, MODBUS_EXCEPTION_GATEWAY_TARGET);
        else if (modbus_reply(context, query, length, units[unit]) < 0)
            length = -1;
    }
    if (length < 0 || (close_after > 0 && ++requests[connection] >= close_after))
        close(connection);
}

int main(int count, char **words)
{
    int close_after = count > 2 ? atoi(words[2]) : 0;
    struct epoll_event events[256];
    int is_rtu = count > 3 && strcmp(words[3], "rtu") == 0;
    modbus_t *context = is_rtu ? modbus_new_rtu("/dev/null", 19200, 'N', 8, 2)
                               : modbus_new_tcp("127.0.0.1", 0);
    int poller = epoll_create1(0);
    int listener;
    if (count < 2) {
        fprintf(stderr, "slave: which image?\n");
        return 2;
    }
    load(words[1]);
    listener = listen_on_loopback();
    watch(poller, listener);
    watch(poller, STDIN_FILENO);
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == STDIN_FILENO)
                return 0;
            if (events[i].data.fd == listener)
                accept_one(poller, listener);
            else
                serve(context, events[i].data.fd, close_after, is_rtu);
        }
    }
}
