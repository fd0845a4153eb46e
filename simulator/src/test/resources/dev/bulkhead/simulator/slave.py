"""A Modbus TCP slave by pymodbus: slave.py IMAGE. Prints its port; the image is slave.c's."""

import asyncio
import sys

from pymodbus.datastore import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
    ModbusSparseDataBlock,
)
from pymodbus.server.async_io import ModbusTcpServer


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


async def serve(image):
    server = ModbusTcpServer(context(image), address=("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve_forever())
    await server.serving
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


asyncio.run(serve(sys.argv[1]))
