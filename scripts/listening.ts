import type { Server } from "node:net";
import { Fault } from "../firmware/model/fault.js";

/** Listens, or says in one sentence why that is impossible; `option` is the one that chooses another port. */
export function listening(server: Server, port: number, host: string, option: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException): void => reject(listenFault(error, port, host, option));
		server.once("error", fail);
		server.listen(port, host, () => {
			server.off("error", fail);
			resolve();
		});
	});
}

function listenFault(error: NodeJS.ErrnoException, port: number, host: string, option: string): Error {
	switch (error.code) {
		case "EADDRINUSE":
			return new Fault(
				`Port ${port}`,
				"it is already in use",
				`stop the other program (another farpin or broker?), or choose another port with ${option}`,
			);
		case "EACCES":
			return new Fault(`Port ${port}`, "this user may not open it", `choose a port above 1023 with ${option}`);
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
			return new Fault(`Address ${host}`, "this computer does not have it", "choose another with --listen");
		default:
			return new Fault(`Port ${port}`, error.message);
	}
}
