using ProviderHarness;

namespace Attacks;

/// <summary>A browser of its own: keeps cookies, follows redirects to pages, fills in forms.</summary>
public sealed class Visitor(AttackedProvider attacked)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public Dictionary<string, string> Cookies => _cookies;

    public void Put(string cookie, string value) => _cookies[cookie] = value;

    public async Task<Reply> SendAsync(Shot shot)
    {
        if (_cookies.Count > 0)
        {
            shot = shot.With("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var reply = await attacked.SendAsync(shot);
        foreach (var (name, value) in reply.Cookies)
        {
            if (value.Length > 0)
            {
                _cookies[name] = value;
            }
            else
            {
                _cookies.Remove(name);
            }
        }

        return reply;
    }

    public Task<Reply> GetAsync(string path, Form? query = null) => SendAsync(Shot.Get(path, query));

    /// <summary>Fills in the first form of a page that has these fields, and sends it.</summary>
    public Task<Reply> SubmitAsync(Reply page, params (string Name, string Value)[] fields)
    {
        foreach (var (_, password) in fields.Where(field => field.Name == "password" && field.Value.Length >= 8))
        {
            attacked.Secrets.Add(password);
        }

        return SendAsync(FormOf(page, fields));
    }

    /// <summary>The request that a page's form makes, so that an attack can change one thing of it.</summary>
    public static Shot FormOf(Reply page, params (string Name, string Value)[] fields)
    {
        var form = FieldsOf(page, fields);
        return Shot.Post(form.Action, form.Fields);
    }

    public static (string Action, Form Fields) FieldsOf(Reply page, params (string Name, string Value)[] fields)
    {
        var form = page.Page.Forms.First(candidate => fields.All(field => candidate.Elements.Any(element => element.GetAttribute("name") == field.Name)));
        var hidden = form.QuerySelectorAll("input[type=hidden]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        return (form.GetAttribute("action")!, Form.Of([.. hidden.Where(pair => fields.All(field => field.Name != pair.Item1)), .. fields]));
    }

    /// <summary>Signs in by telephone number and password, which needs no mail, to where the request leads.</summary>
    public async Task<Reply> SignInAsync(Form authorize, string phone = People.AlicePhone, string password = "Development-1")
    {
        var first = await GetAsync(Oidc.Endpoints.Authorize, authorize);
        var logIn = await GetAsync(first.Location!);
        var toPassword = await SubmitAsync(logIn, ("identifier", phone));
        var passwordPage = await GetAsync(toPassword.Location!);
        var back = await SubmitAsync(passwordPage, ("password", password));
        return back.Location?.StartsWith(Oidc.Endpoints.AuthorizeContinue, StringComparison.Ordinal) == true ? await GetAsync(back.Location) : back;
    }

    /// <summary>Signs in to <c>storefront</c> and redeems the code.</summary>
    public async Task<TokenAnswer> TokensAsync(string scope = "openid profile email offline_access members")
    {
        var answer = await SignInAsync(Requests.Authorize(attacked.Provider).With("scope", scope));
        return await attacked.Provider.RedeemAsync("storefront", answer.Redirected("code")!);
    }
}
