/** A SHA-256 that is made as the bytes come. */
export interface RunningDigest {
	write(bytes: Uint8Array): void;
	/** The digest of all that was written. Called once. */
	end(): Uint8Array;
}

/**
 * The two places for firmware in the flash: one is running, the other may be written. Sectors have 4,096 bytes and are
 * erased as a whole, to 0xff; a write can only turn ones into zeros. A power cut ends a write or an erase anywhere. All of
 * these throw when flash fails.
 */
export interface FirmwareSlots {
	/** Room for an image in the other slot, bytes. */
	readonly room: number;
	/** What runs is on trial: unless it is confirmed, the next start, for whatever reason, is of what ran before. */
	readonly onTrial: boolean;
	/** What was last selected in the other slot did not confirm itself, and was given up by the boot loader. */
	readonly rejected: boolean;
	/** Fills `into` with what the other slot holds from byte `at` on. */
	read(at: number, into: Uint8Array): void;
	/** Erases one sector of the other slot: some 45 ms on a chip. */
	erase(sector: number): void;
	/** Writes all of `bytes` to the other slot from byte `at` on. */
	write(at: number, bytes: Uint8Array): void;
	digest(): RunningDigest;
	/**
	 * Makes the other slot the one that starts next, on trial. Throws when what is in there is no image for this chip. The
	 * first sector may be erased and written again on the way.
	 */
	select(): void;
	/** What runs has proved itself: it is what starts from now on. */
	confirm(): void;
}
