// What every page loads. Everything here improves markup that already works without it.
import "./account";
import "./dialogs";
import "./drafts-element";
import "./follow";
import "./forms";
import "./keys";
import "./live";
import "./map-element";
import "./photo";
import "./round-element";
import "./upload";
