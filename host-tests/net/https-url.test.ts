import { expect, it } from "vitest";
import { readHttpsUrl, URL_LENGTH_MAX } from "../../firmware/net/https-url.js";

it.each([
	["https://files.example/a.bin", { host: "files.example", port: 443, path: "/a.bin" }],
	["https://192.168.1.9:8443/a/b?c=d&e", { host: "192.168.1.9", port: 8443, path: "/a/b?c=d&e" }],
	["https://host/", { host: "host", port: 443, path: "/" }],
	["https://host/a:b@c", { host: "host", port: 443, path: "/a:b@c" }],
])("reads %s", (url, place) => expect(readHttpsUrl(url)).toEqual(place));

it.each([
	"",
	"http://host/a",
	"HTTPS://host/a",
	"https://host",
	"https:///a",
	"https://user@host/a",
	"https://user:secret@host/a",
	"https://[::1]/a",
	"https://host:/a",
	"https://host:0/a",
	"https://host:65536/a",
	"https://host:08/a",
	"https://host:8443:1/a",
	"https://host/a b",
	"https://host/a\r\nX: y",
	"https://host/ä",
	"https://höst/a",
	"https://host/a#b",
	`https://host/${"a".repeat(URL_LENGTH_MAX)}`,
])("takes %j for none", (url) => expect(readHttpsUrl(url)).toBeUndefined());
