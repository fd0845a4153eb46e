// A Modbus slave by modbus-serial: slave.js IMAGE [DEVICE]; the image is slave.c's. Prints its port of Modbus TCP, or
// serves RTU on a serial device and prints 0. There it takes any checksum for right: it writes its own over it.
"use strict";

const fs = require("fs");
const net = require("net");
const { ServerSerial, ServerTCP } = require("modbus-serial");

const values = new Map();
for (const line of fs.readFileSync(process.argv[2], "ascii").trim().split("\n")) {
    const [table, unit, address, value] = line.split(" ");
    values.set(`${table} ${unit} ${address}`, Number(value));
}

function value(table, address, unit) {
    const found = values.get(`${table} ${unit} ${address}`);
    if (found === undefined) {
        throw { modbusErrorCode: 2 };
    }
    return found;
}

const vector = {
    getHoldingRegister: (address, unit) => value("h", address, unit),
    getDiscreteInput: (address, unit) => value("d", address, unit) === 1,
    getCoil: (address, unit) => values.get(`c ${unit} ${address}`) === 1,
    setRegister: (address, value, unit) => { values.set(`h ${unit} ${address}`, value); },
    setCoil: (address, on, unit) => { values.set(`c ${unit} ${address}`, on ? 1 : 0); },
};

if (process.argv[3] !== undefined) {
    const server = new ServerSerial(vector, { path: process.argv[3], baudRate: 19200 });
    server.on("initialized", () => console.log(0));
} else {
    // It takes port 0 for 502, so a free port is looked for first.
    const finder = net.createServer().listen(0, "127.0.0.1", () => {
        const port = finder.address().port;
        finder.close(() => {
            const server = new ServerTCP(vector, { host: "127.0.0.1", port });
            server.on("initialized", () => console.log(port));
        });
    });
}
