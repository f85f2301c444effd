import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";

/** Why there is no Mosquitto here, or undefined when there is. */
export function whyNoMosquitto(): string | undefined {
	for (const [program, flag] of [
		["mosquitto", "-h"],
		["openssl", "version"],
	] as const) {
		if (spawnSync(program, [flag]).error) return `${program} is not installed`;
	}
	return undefined;
}

/** Certificates of one private authority, PEM, in files. */
export interface Certificates {
	readonly root: string;
	/** The server's, and the intermediate that signed it. */
	readonly chain: string;
	readonly key: string;
}

/** Makes a root, an intermediate and a certificate for 127.0.0.1 and localhost in `folder`. */
export function makeCertificates(folder: string): Certificates {
	mkdirSync(folder, { recursive: true });
	const file = (name: string) => join(folder, name);
	const openssl = (...args: string[]) =>
		execFileSync("openssl", args, { stdio: "pipe", cwd: folder, encoding: "utf8" });
	const authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
	const ids = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
	const server = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n";
	const request = (name: string, subject: string) =>
		openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
	const sign = (name: string, issuer: string, extensions: string) => {
		writeFileSync(file(`${name}.ext`), extensions + ids);
		const by = ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
		openssl(
			"x509",
			"-req",
			"-in",
			`${name}.csr`,
			...by,
			"-days",
			"30",
			"-extfile",
			`${name}.ext`,
			"-out",
			`${name}.pem`,
		);
	};
	request("root", "/CN=Farpin test root");
	writeFileSync(file("root.ext"), `${authority}subjectKeyIdentifier=hash\n`);
	openssl(
		"x509",
		"-req",
		"-in",
		"root.csr",
		"-signkey",
		"root.key",
		"-days",
		"30",
		"-extfile",
		"root.ext",
		"-out",
		"root.pem",
	);
	request("intermediate", "/CN=Farpin test intermediate");
	sign("intermediate", "root", authority);
	request("server", "/CN=localhost");
	sign("server", "intermediate", server);
	const pem = (name: string) => openssl("x509", "-in", `${name}.pem`);
	writeFileSync(file("chain.pem"), pem("server") + pem("intermediate"));
	return { root: file("root.pem"), chain: file("chain.pem"), key: file("server.key") };
}

/** A Mosquitto on free ports of the loopback, which can go away and come back on the same ones. */
export class Mosquitto {
	readonly port: number;
	readonly tlsPort: number;
	readonly #config: string;
	#process: ChildProcess | undefined;

	private constructor(config: string, port: number, tlsPort: number) {
		this.#config = config;
		this.port = port;
		this.tlsPort = tlsPort;
	}

	static async start(folder: string, { chain, key }: Certificates): Promise<Mosquitto> {
		const [port, tlsPort] = [await freePort(), await freePort()];
		const config = join(folder, "mosquitto.conf");
		const lines = [
			// Started by root it would become a user that cannot read the key.
			`user ${userInfo().username}`,
			"allow_anonymous true",
			`listener ${port} 127.0.0.1`,
			`listener ${tlsPort} 127.0.0.1`,
			`certfile ${chain}`,
			`keyfile ${key}`,
		];
		writeFileSync(config, `${lines.join("\n")}\n`);
		const broker = new Mosquitto(config, port, tlsPort);
		await broker.comeBack();
		return broker;
	}

	async comeBack(): Promise<void> {
		this.#process = spawn("mosquitto", ["-c", this.#config], { stdio: "ignore" });
		for (let tries = 0; tries < 100; tries++) {
			if (await answers(this.port)) return;
			await new Promise((done) => setTimeout(done, 50));
		}
		throw new Error("mosquitto does not answer");
	}

	async goAway(): Promise<void> {
		const running = this.#process;
		if (!running || running.exitCode !== null) return;
		const gone = new Promise((done) => running.once("exit", done));
		running.kill("SIGKILL");
		await gone;
	}
}

function freePort(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer();
		server.on("error", fail);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as { port: number };
			server.close(() => done(port));
		});
	});
}

function answers(port: number): Promise<boolean> {
	return new Promise((done) => {
		const socket = connect(port, "127.0.0.1");
		socket.on("connect", () => {
			socket.destroy();
			done(true);
		});
		socket.on("error", () => done(false));
	});
}
