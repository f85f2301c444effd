/** Version of this firmware, told in `about` and `health`. */
export const VERSION = "0.1.0";
