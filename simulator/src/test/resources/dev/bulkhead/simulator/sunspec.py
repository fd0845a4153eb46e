"""Finds a SunSpec device's models by pymodbus, as a client does that knows nothing of it.

    sunspec.py PORT UNIT

Prints "model ID LENGTH ADDRESS" for each, and of model 804 "volts V".
"""
import sys

from pymodbus.client import ModbusTcpClient

port, unit = int(sys.argv[1]), int(sys.argv[2])
client = ModbusTcpClient("127.0.0.1", port=port)
if not client.connect():
    sys.exit("sunspec: can't connect")


def read(address, count):
    answer = client.read_holding_registers(address, count, slave=unit)
    return None if answer.isError() else answer.registers


def signed(word):
    return word - 0x10000 if word & 0x8000 else word


base = next(base for base in (40000, 50000, 0) if read(base, 2) == [0x5375, 0x6E53])
at = base + 2
while True:
    model, length = read(at, 2)
    if model == 0xFFFF:
        break
    print("model", model, length, at)
    if model == 804:
        string = read(at, 48)
        print("volts %.1f" % (string[14] * 10 ** signed(string[42])))
    at += 2 + length
client.close()
