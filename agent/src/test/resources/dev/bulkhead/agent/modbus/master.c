/* A Modbus TCP master by libmodbus, as fast as it goes: a thread and a connection each.
 *
 *   master PORT CONNECTIONS SECONDS
 *
 * Reads 100 holding registers of unit 1 again and again. Prints requests, seconds taken and the
 * 99th percentile of one request in microseconds.
 */
#include <modbus.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REGISTERS 100
#define MOST_REQUESTS 4000000

static int port;
static uint64_t end;
static uint32_t *took;
static int requests;

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void *ask(void *nothing)
{
    uint16_t registers[REGISTERS];
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    modbus_set_slave(context, 1);
    /* Its default of half a second ends the run where 256 threads share two cores. */
    modbus_set_response_timeout(context, 10, 0);
    if (modbus_connect(context) < 0) {
        perror("master: can't connect");
        exit(1);
    }
    for (uint64_t begin = now(); begin < end;) {
        uint64_t done;
        int index;
        if (modbus_read_registers(context, 0, REGISTERS, registers) != REGISTERS) {
            perror("master: no answer");
            exit(1);
        }
        done = now();
        index = __atomic_fetch_add(&requests, 1, __ATOMIC_RELAXED);
        if (index < MOST_REQUESTS)
            took[index] = (done - begin) / 1000;
        begin = done;
    }
    modbus_close(context);
    modbus_free(context);
    return nothing;
}

static int by_size(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

int main(int count, char **words)
{
    if (count != 4) {
        fprintf(stderr, "master: PORT CONNECTIONS SECONDS\n");
        return 2;
    }
    int connections = atoi(words[2]);
    pthread_t threads[connections];
    pthread_attr_t small;
    port = atoi(words[1]);
    took = malloc(MOST_REQUESTS * sizeof *took);
    uint64_t begin = now();
    end = begin + atoi(words[3]) * 1000000000ull;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 17);
    for (int i = 0; i < connections; i++)
        pthread_create(&threads[i], &small, ask, NULL);
    for (int i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    double seconds = (now() - begin) / 1e9;
    int kept = requests < MOST_REQUESTS ? requests : MOST_REQUESTS;
    qsort(took, kept, sizeof *took, by_size);
    printf("%d %.6f %u\n", requests, seconds, took[kept * 99 / 100]);
    return 0;
}
