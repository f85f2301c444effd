import { nodeCrypto } from "../../scripts/board/crypto.js";
import { cryptoContract } from "../contracts/crypto-contract.js";
import { runChecks } from "../contracts/run-checks.js";

runChecks("the computer's cryptography", cryptoContract(nodeCrypto));
