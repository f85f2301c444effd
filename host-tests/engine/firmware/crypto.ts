import { sdkCrypto } from "../../../firmware/board/crypto.js";
import { cryptoContract } from "../../contracts/crypto-contract.js";

// Not a device but a test of the board, run in the device's place: the contract of its cryptography.
for (const check of cryptoContract(sdkCrypto)) {
	try {
		check.run();
		trace(`ok: ${check.name}\n`);
	} catch (error) {
		trace(`failed: ${check.name}: ${String(error)}\n`);
	}
}
trace("that was all\n");
