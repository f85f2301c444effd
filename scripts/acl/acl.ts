import { isId } from "../../firmware/model/names.js";
import { isTopicFilter, isTopicName } from "../../firmware/mqtt/topics.js";
import { ACL_FORMATS, type AclFormat } from "./formats.js";

/** As the command line has them. */
export interface AclWords {
	readonly root: string;
	readonly owner: string;
	readonly device?: readonly string[];
	readonly answers?: string;
}

/** The broker's permissions for `format`, ready to be saved. Throws one sentence for what cannot be right. */
export function makeAcl(format: string, { root, owner, device = [], answers }: AclWords): string {
	if (!Object.hasOwn(ACL_FORMATS, format))
		throw new Error(`There is no format ${format}: ${Object.keys(ACL_FORMATS).join(", ")}.`);
	if (!isTopicName(root) || root.includes("/")) throw new Error(`"${root}" cannot be the first level of a topic.`);
	if (!/^[\w.@-]{1,64}$/.test(owner))
		throw new Error(`"${owner}" cannot be a user's name: use letters, digits, . _ @ -.`);
	if (isId(owner) && format !== "aws" && device.includes(owner)) throw new Error(`${owner} is a device and the owner.`);
	for (const id of device)
		if (!isId(id)) throw new Error(`"${id}" is no name for a device: use 1 to 32 of a-z, 0-9 and -.`);
	if (answers !== undefined && (!isTopicFilter(answers) || answers.startsWith(`${root}/`)))
		throw new Error(`"${answers}" cannot be where answers go: it must be a topic filter outside ${root}/.`);
	if (format === "aws" && device.length === 0)
		throw new Error("AWS wants one policy for each device: name them with --device.");
	return ACL_FORMATS[format as AclFormat]({ root, owner, devices: device, answers });
}
