import type { CloudPlace } from "../model/cloud.js";
import { base64, fromBase64 } from "../security/base64.js";

/**
 * A shared access signature for one device of Azure IoT Hub: HMAC-SHA256 over the resource and the end, made with the device's
 * key (https://learn.microsoft.com/azure/iot-hub/iot-hub-dev-guide-sas, "Security token structure"). Undefined when the key
 * is no Base64.
 * @param key of the device, as the registry shows it.
 * @param endS when it ends, seconds since 1970.
 */
export function sasToken(
	resource: string,
	key: string,
	endS: number,
	{ crypto, text }: Pick<CloudPlace["board"], "crypto" | "text">,
): string | undefined {
	const secret = fromBase64(key);
	if (secret === undefined || secret.length === 0) return undefined;
	const name = encodeURIComponent(resource);
	const signature = base64(crypto.hmac(secret, text.encode(`${name}\n${endS}`)));
	return `SharedAccessSignature sr=${name}&sig=${encodeURIComponent(signature)}&se=${endS}`;
}
