import { Farpin } from "./farpin.js";
import { Least } from "./least.js";
import { None } from "./none.js";
import { serve } from "./xsnap-serve.js";

serve({ none: None, least: Least, farpin: Farpin });
