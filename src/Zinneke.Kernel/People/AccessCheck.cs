using Microsoft.AspNetCore.Http;

namespace Zinneke.Kernel;

/// <summary>Decides whether the caller of a request may pass an endpoint that needs a permission. Registered once; without one, nobody passes.</summary>
/// <returns>Null when the caller may pass; a refusal of kind Unauthenticated or Forbidden otherwise.</returns>
public delegate ValueTask<Refusal?> AccessCheck(HttpContext http, Access access);
