import { Plain } from "./plain.js";
import { serve } from "./xsnap-serve.js";

serve({ plain: Plain });
