/* Finds a SunSpec device's models by libmodbus, as a client does that knows nothing of it.
 *
 *   sunspec PORT UNIT
 *
 * Prints "model ID LENGTH ADDRESS" for each, and of model 804 "volts V".
 */
#include <errno.h>
#include <math.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>

static modbus_t *context;

static void read_registers(int address, int count, uint16_t *words)
{
    if (modbus_read_registers(context, address, count, words) != count) {
        fprintf(stderr, "sunspec: %d at %d: %s\n", count, address, modbus_strerror(errno));
        exit(1);
    }
}

int main(int count, char **words)
{
    static const int bases[] = {40000, 50000, 0};
    uint16_t head[2], string[62];
    int base = 0, found = 0;
    if (count != 3)
        return 2;
    context = modbus_new_tcp("127.0.0.1", atoi(words[1]));
    modbus_set_slave(context, atoi(words[2]));
    if (modbus_connect(context) < 0)
        return 1;
    for (int i = 0; i < 3 && !found; i++) {
        base = bases[i];
        found = modbus_read_registers(context, base, 2, head) == 2 && head[0] == 0x5375 &&
                head[1] == 0x6E53;
    }
    if (!found)
        return 1;
    for (int at = base + 2;; at += 2 + head[1]) {
        read_registers(at, 2, head);
        if (head[0] == 0xFFFF)
            break;
        printf("model %d %d %d\n", head[0], head[1], at);
        if (head[0] == 804) {
            read_registers(at, 48, string);
            printf("volts %.1f\n", string[14] * pow(10, (int16_t)string[42]));
        }
    }
    modbus_close(context);
    modbus_free(context);
    return 0;
}
