import { transform } from "esbuild";

const compilerOptions = { verbatimModuleSyntax: true, useDefineForClassFields: true };

/** JavaScript of TypeScript, by leaving its types out: they are checked elsewhere, and here speed is what counts. */
export async function withoutTypes(source: string): Promise<string> {
	const { code } = await transform(source, { loader: "ts", target: "es2022", tsconfigRaw: { compilerOptions } });
	return code;
}
