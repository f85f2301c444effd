/** The SDK's module of this name, where the engine itself has the same. */
export default (globalThis as unknown as { readonly TextEncoder: typeof import("text/encoder").default }).TextEncoder;
