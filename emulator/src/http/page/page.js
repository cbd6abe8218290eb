// Nothing here is needed to use the page.
"use strict";
