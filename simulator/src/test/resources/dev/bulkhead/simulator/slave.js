// A Modbus TCP slave by modbus-serial: slave.js IMAGE. Prints its port; the image is slave.c's.
"use strict";

const fs = require("fs");
const net = require("net");
const { ServerTCP } = require("modbus-serial");

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
    setCoil: (address, on, unit) => { values.set(`c ${unit} ${address}`, on ? 1 : 0); },
};

// It takes port 0 for 502, so a free port is looked for first.
const finder = net.createServer().listen(0, "127.0.0.1", () => {
    const port = finder.address().port;
    finder.close(() => {
        const server = new ServerTCP(vector, { host: "127.0.0.1", port });
        server.on("initialized", () => console.log(port));
    });
});
