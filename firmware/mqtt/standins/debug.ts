function log(): void {}

function debug(_namespace: string): () => void {
	return log;
}

// A default export and nothing else: `require("debug")` must be the function itself.
export { debug as default };
