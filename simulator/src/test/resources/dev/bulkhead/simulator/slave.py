"""A Modbus slave by pymodbus: slave.py IMAGE [rtu | DEVICE]; the image is slave.c's.

Prints its port, of Modbus TCP or with rtu of RTU over TCP; or serves RTU on a serial device and prints 0.
"""

import asyncio
import sys

from pymodbus.datastore import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
    ModbusSparseDataBlock,
)
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.framer.socket_framer import ModbusSocketFramer
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer


def context(image):
    units = {}
    with open(image, encoding="ascii") as lines:
        for line in lines:
            table, unit, address, value = line.split()
            tables = units.setdefault(int(unit), {"h": {}, "d": {}})
            tables[table][int(address)] = int(value)
    return ModbusServerContext(
        slaves={
            unit: ModbusSlaveContext(
                di=ModbusSparseDataBlock(tables["d"] or {0: 0}),
                co=ModbusSequentialDataBlock(0, [0] * 1000),
                hr=ModbusSparseDataBlock(tables["h"] or {0: 0}),
                zero_mode=True,
            )
            for unit, tables in units.items()
        },
        single=False,
    )


async def serve(image, way):
    if way.startswith("/"):
        server = ModbusSerialServer(context(image), framer=ModbusRtuFramer, port=way, baudrate=19200)
        await server.start()
        print(0, flush=True)
        await server.serve_forever()
        return
    framer = ModbusRtuFramer if way == "rtu" else ModbusSocketFramer
    server = ModbusTcpServer(context(image), framer=framer, address=("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve_forever())
    await server.serving
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


asyncio.run(serve(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "tcp"))
