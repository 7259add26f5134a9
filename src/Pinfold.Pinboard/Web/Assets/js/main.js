// Everything here improves pages that work without it.
import { startDialogs } from "./dialogs.js";
import { startFeed } from "./feed.js";
import { startForgetting } from "./feed-memory.js";
import { startFilters } from "./filter.js";
import { startFollowing } from "./follow.js";
import { startHearts } from "./hearts.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startNewPin } from "./new-pin.js";
import { startNotifications } from "./notifications.js";
import { startSuggest } from "./suggest.js";
import { startTheme } from "./theme.js";
import { startUpload } from "./upload.js";

startFeed();
startForgetting();
startFilters();
startDialogs();
startFollowing();
startHearts();
startKeys();
startTheme();
startUpload();
startNewPin();
startLive();
startNotifications();
startSuggest();
