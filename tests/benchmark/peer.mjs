// SPDX-License-Identifier: GPL-3.0-or-later
// esptool-js on a pseudo-terminal: node peer.mjs ESPTOOL-JS PORT BAUD FILE
//
// Writes FILE to address 0 as its users do: with its stub, compressed, verified by MD5. Prints
// progress as fulgurite-cli --json does.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { pathToFileURL } from "node:url";

const [library, path, baud, file] = process.argv.slice(2);
const print = console.log.bind(console);
console.log = () => {}; // the library's trace

// What a browser calls a SerialPort.
class Port {
  async open({ baudRate }) {
    this.fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NOCTTY);
    await this.setBaudRate(baudRate);
    this.input = new ReadStream(this.fd);
    this.output = new WriteStream(this.fd);
    this.readable = new ReadableStream({
      start: (controller) => this.input.on("data", (data) => controller.enqueue(data)),
    });
    this.writable = new WritableStream({
      write: (data) => new Promise((resolve) => this.output.write(data, resolve)),
    });
  }

  async setBaudRate(rate) {
    execFileSync("stty", ["-F", path, "raw", "-echo", String(rate)]);
  }

  async setSignals() {} // a pseudo-terminal has none

  getInfo() {
    return {};
  }
}

function enter(phase) {
  print(JSON.stringify({ event: "progress", phase }));
}

const { ESPLoader, Transport } = await import(pathToFileURL(library));
const said = [];
const terminal = {
  clean() {},
  write: (text) => said.push(text),
  writeLine: (text) => said.push(text),
};
try {
  enter("connect");
  const transport = new Transport(new Port());
  const loader = new ESPLoader({ transport, baudrate: Number(baud), terminal });
  await loader.main("no_reset");
  enter("write");
  await loader.writeFlash({
    fileArray: [{ data: new Uint8Array(fs.readFileSync(file)), address: 0 }],
    flashSize: "keep",
    flashMode: "keep",
    flashFreq: "keep",
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (image) => createHash("md5").update(image).digest("hex"),
  });
  if (!said.some((text) => text.includes("Hash of data verified"))) throw new Error("not verified");
  enter("restart");
  process.exit(0);
} catch (error) {
  print(said.slice(-5).join("\n"));
  print(String(error));
  process.exit(1);
}
