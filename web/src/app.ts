// What every page loads. Everything here improves markup that already works without it.
import "./forms";
