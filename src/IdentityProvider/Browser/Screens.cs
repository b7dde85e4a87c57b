using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace IdentityProvider;

/// <summary>
/// What a person is shown that is no page of its own: errors, the question before signing out, "you are signed in". A page returns it as its
/// result; the protocol's endpoints write it where they stand.
/// </summary>
public static class Screens
{
    public static ViewResult Of(string name, object model, int status = StatusCodes.Status200OK) => new()
    {
        ViewName = $"/Pages/Screens/{name}.cshtml",
        StatusCode = status,
        ViewData = new ViewDataDictionary(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = model },
    };

    public static Task WriteAsync(HttpContext context, ViewResult screen) =>
        screen.ExecuteResultAsync(new ActionContext(context, new RouteData(), new ActionDescriptor()));
}
