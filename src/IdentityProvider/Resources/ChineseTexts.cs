using System.Globalization;
using Microsoft.AspNetCore.Html;
using Oidc;

namespace IdentityProvider;

/// <summary>Simplified Chinese.</summary>
public sealed class ChineseTexts : Texts
{
    private ChineseTexts()
    {
    }

    public static ChineseTexts Instance { get; } = new();

    public override string Language => IdentityProvider.Language.Chinese;

    public override string SkipToContent => "跳到正文";
    public override string LanguageSwitch => "语言";
    public override string ThemeSwitch => "外观";
    public override string ThemeAuto => "跟随系统";
    public override string ThemeLight => "浅色";
    public override string ThemeDark => "深色";
    public override string Continue => "继续";

    public override string SignIn => "登录";
    public override IHtmlContent ToContinueTo(string application) => Html("以继续使用 <strong>{0}</strong>", application);
    public override string Identifier => "邮箱或手机号";
    public override string NewHere => "还没有账号？";
    public override string CreateAccountLink => "创建账号";
    public override string IdentifierMissing => "请输入邮箱或手机号。";
    public override string IdentifierUnknownShape => "这不是有效的邮箱或手机号，请检查是否输错。";
    public override string InputTooLong => "内容过长。";

    public override string CheckYourMail => "查收验证码";
    public override string EnterCode => "用验证码登录";
    public override string CodeSent(TimeSpan lifetime) => $"六位验证码已发送到您的邮箱，{Math.Ceiling(lifetime.TotalMinutes):0} 分钟内有效。";
    public override string NoCodeSent => "我们可以向您的邮箱发送六位验证码。";
    public override string Code => "六位验证码";
    public override string CodeMissing => "请输入邮件中的六位数字。";
    public override string NewCode => "重新发送验证码";
    public override string SendCode => "发送验证码";
    public override IHtmlContent NewCodeAt(IHtmlContent moment) => Html("{0}可重新获取验证码。", moment);
    public override string UsePassword => "改用密码登录";
    public override string UseAnotherAddress => "换一个邮箱";
    public override string SigningInAs => "当前使用";
    public override string Change => "更换";
    public override string ChangeWhat => "账号";
    public override string NoMail => "没有收到邮件？";
    public override string NoMailSpam => "请查看垃圾邮件文件夹；邮件有时会迟到一两分钟。";
    public override string NoMailAddress => "请核对上方的邮箱；如有误，请更换。";
    public override string NoMailReload => "查看投递情况";
    public override string MailDelayed => "邮件暂时受阻：对方的邮件服务器目前没有接收。验证码有效期内我们会继续投递。您可以稍候，或改用密码登录。";
    public override string MailUndeliverable => "邮件无法送达。请检查邮箱地址，或改用密码登录。";
    public override string StaySignedIn => "在此设备上保持登录";

    public override string EnterPassword => "输入密码";
    public override string Password => "密码";
    public override string PasswordMissing => "请输入密码。";
    public override string ShowPassword => "显示密码";
    public override string HidePassword => "隐藏密码";
    public override string MailCodeInstead => "改用邮箱验证码登录";

    public override string CreateAccount => "创建账号";
    public override string EmailAddress => "邮箱";
    public override string EmailMissing => "请输入邮箱。";
    public override string EmailUnknownShape => "这不是有效的邮箱，请检查是否输错。";
    public override string HaveAccount => "已有账号？";
    public override string NobodyYet => "还没有账号";
    public override IHtmlContent NobodyHas(string address) => Html("验证码正确，但 <strong>{0}</strong> 还没有对应的账号。现在创建吗？", address);
    public override string CreateThisAccount => "创建账号";

    public override string ChoosePassword => "设置密码";
    public override string PasswordAdvice => "至少 8 个字符。几个好记的词语，比特殊符号更安全。";
    public override string PasswordTooShort => "密码至少需要 8 个字符。";
    public override string PasswordTooLong => "密码最多 256 个字符。";
    public override string PasswordTooCommon => "这个密码太容易被猜到，请换一个。";
    public override string Or => "或";
    public override string WithoutPassword => "暂不设置密码";
    public override string WithoutPasswordMeans => "以后每次登录时，我们会向您的邮箱发送验证码。";

    public override string ChooseAccount => "选择账号";
    public override string ContinueAs(string name) => $"以 {name} 的身份继续";
    public override string UseAnotherAccount => "使用其他账号";

    public override string ConsentTitle(string application) => $"允许 {application} 访问？";
    public override IHtmlContent ConsentAsks(string application, string destination) => Html("<strong>{0}</strong>（{1}）由第三方运营，请求：", application, destination);
    public override IHtmlContent ConsentAsksMore(string application, string destination) =>
        Html("<strong>{0}</strong>（{1}）由第三方运营。除您已允许的内容外，还请求：", application, destination);
    public override string ConsentAllowedBefore => "您已允许的内容";
    public override string ConsentLasts(TimeSpan lifetime) => $"您的选择在 {Math.Round(lifetime.TotalDays)} 天内有效，您也可以随时撤回。";
    public override string Allow => "允许";
    public override string Deny => "不允许";
    public override string PolicyOf(string application) => $"{application} 的隐私政策";
    public override string TermsOf(string application) => $"{application} 的服务条款";
    public override string AskedAnew => "打开页面之后，请求的内容有变化，请再次确认。";
    public override (string Name, string? Means) Scope(string scope) => scope switch
    {
        "openid" => ("识别您的身份", "通过代表您账号的编号。"),
        "profile" => ("查看您的个人资料", "姓名、头像、生日、性别、语言等。"),
        "email" => ("查看您的邮箱地址", null),
        "phone" => ("查看您的手机号", null),
        "address" => ("查看您的通信地址", null),
        "offline_access" => ("在您离开后保持连接", "您离开后，它仍可使用这里允许的内容，直到您撤回。"),
        "members" => ("代您使用会员服务", "查看和修改您的资料与订单。"),
        "members.read" => ("查看您的会员信息", "查看您的资料与订单。"),
        "leads.read" => ("查看咨询", null),
        "leads.write" => ("提交咨询", null),
        "feedogo" => ("代您使用 FeedoGo", null),
        "feedogo.redeem" => ("在 FeedoGo 兑换权益", null),
        "identity.admin" => ("管理本服务", "用户、应用与设置。"),
        _ => ($"使用“{scope}”", null),
    };
    public override string SeeClaim(string claim) => claim switch
    {
        "name" => "查看您的姓名",
        "picture" => "查看您的头像",
        "given_name" => "查看您的名字",
        "family_name" => "查看您的姓氏",
        "middle_name" => "查看您的中间名",
        "nickname" => "查看您的昵称",
        "preferred_username" => "查看您的用户名",
        "profile" => "查看您的个人主页地址",
        "website" => "查看您的网站地址",
        "gender" => "查看您的性别",
        "birthdate" => "查看您的生日",
        "zoneinfo" => "查看您的时区",
        "locale" => "查看您的语言",
        "updated_at" => "查看您的资料最近一次更新的时间",
        "email" => "查看您的邮箱地址",
        "email_verified" => "查看您的邮箱是否已验证",
        "phone_number" => "查看您的手机号",
        "phone_number_verified" => "查看您的手机号是否已验证",
        "address" => "查看您的通信地址",
        "role" => "查看您的角色",
        _ => $"查看“{claim}”",
    };

    public override string SignedIn => "您已登录";
    public override string SignedInAs => "当前账号";
    public override string HadAccount => "该邮箱此前已有账号，现已为您登录该账号，原密码保持不变。";
    public override string AlreadyDone => "本次登录已完成。";
    public override string ContinueTo(string application) => $"前往 {application}";

    public override string SignOut => "退出登录";
    public override string SignOutQuestion => "要退出登录吗？";
    public override IHtmlContent SignOutAskedBy(string application) => Html("<strong>{0}</strong> 请求为您退出登录。", application);
    public override string SignOutMeans => "退出后，在此浏览器中使用该账号的应用会要求您重新登录。";
    public override string StayHere => "保持登录";
    public override string SignedOut => "您已退出登录";
    public override string SignedOutMeans => "此浏览器中现在没有已登录的账号。";
    public override string SignInAgain => "重新登录";
    public override string NotSentBack(LogoutProblemKind reason) => reason switch
    {
        LogoutProblemKind.UnknownClient => "未能返回应用：请求中没有说明来自哪个应用。",
        LogoutProblemKind.Contradiction => "未能返回应用：请求中指明了两个不同的应用。",
        LogoutProblemKind.ForeignHint => "未能返回应用：应用提供的凭据不是由我们签发的。",
        LogoutProblemKind.UnregisteredUri => "未能返回应用：应用给出的返回地址没有登记。",
        LogoutProblemKind.Unreadable => "未能返回应用：请求内容无法识别。",
        _ => "",
    };
    public override string BackTo(string application) => $"返回 {application}";
    public override string SigningOutElsewhere => "正在通知您使用过的应用，请稍候。";
    public override string KeepAccess => "退出后，以下应用仍可继续使用您的账号：";
    public override string KeepAccessEnd => "如需一并停用，请登录后在账号页面中操作。";

    public override string YourAccount => "您的账号";
    public override string Devices => "已登录的设备";
    public override string DevicesMean => "如有不认识的设备，请将其退出，在该设备上登录的应用会立即失去权限。";
    public override string ThisDevice => "本设备";
    public override string UnknownDevice => "未知设备";
    public override string Surface(string surface) => surface switch
    {
        "page" => "在本站登录",
        "json" => "通过应用登录",
        _ => "由应用登录",
    };
    public override string SignedInTo(string application) => $"登录 {application}";
    public override string Address => "网络地址";
    public override IHtmlContent SignedInWhen(IHtmlContent moment) => Html("{0}登录", moment);
    public override IHtmlContent LastActive(IHtmlContent moment) => Html("最近活动：{0}", moment);
    public override string StaysSignedIn => "保持登录";
    public override string OnlyApplications => "此处已不再登录，仅应用仍有权限";
    public override IHtmlContent UsedBy(IEnumerable<string> applications) => Html("使用的应用：{0}", string.Join("、", applications));
    public override string SignOutDevice => "退出";
    public override string SignOutOthers => "退出其他所有设备";
    public override string SignOutOthersMeans => "本设备会保持登录。";
    public override string MoreSessions => "登录记录较多，此页未能全部列出。退出其他所有设备时会一并退出。";
    public override string NoOtherSessions => "您没有在其他设备上登录。";
    public override string Applications => "已授权的应用";
    public override string ApplicationsMean => "您允许以下应用使用您的账号。";
    public override string NoApplications => "您还没有授权任何应用。";
    public override IHtmlContent AllowedWhen(IHtmlContent moment) => Html("{0}授权", moment);
    public override string Withdraw => "取消授权";
    public override string GoneApplication => "已不存在的应用";
    public override string SessionEnded => "该设备已退出登录。";
    public override string OthersEnded => "其他设备均已退出登录。";
    public override string AccessWithdrawn => "该应用不再拥有权限。";

    public override string Refused => "登录未成功，请检查后重试。";
    public override string CodeWrong => "验证码不正确，请检查后重试。";
    public override string CodeWrongWithTries(int left) => $"验证码不正确，还可以尝试 {left} 次。";
    public override string CodeExpired => "验证码已过期，请重新获取。";
    public override string CodeSpent => "错误次数过多，该验证码已失效，请重新获取。";
    public override string CodeUnknown => "该验证码已失效，请重新获取。";
    public override IHtmlContent CodesLocked(IHtmlContent moment) => Html("该邮箱的验证码错误次数过多，请在{0}再试，或改用密码登录。", moment);
    public override IHtmlContent PasswordsLocked(IHtmlContent moment) => Html("尝试次数过多，请在{0}再试，或改用验证码登录。", moment);
    public override IHtmlContent SendLimited(IHtmlContent moment) => Html("没有发送新的验证码：短时间内发送次数过多，{0}可再次获取。", moment);
    public override string Resent => "新的验证码已发出，请使用最新的一个。";
    public override string FormExpired => "页面等待时间过长，刚才的内容没有提交，请再试一次。";
    public override string Busy => "当前登录人数较多，请稍等几秒再试。";

    public override string ErrorTitle => "出了点问题";
    public override string RequestRefused => "某个应用发来的请求无法受理。";
    public override IHtmlContent RequestRefusedFrom(string application) => Html("<strong>{0}</strong> 发来的请求无法受理。", application);
    public override string ErrorAdvice => "请返回该应用重试。如果仍然出现，请将请求编号告知应用的负责人。";
    public override string StaleTitle => "页面等待时间过长";
    public override string WaitedTooLong => "刚才的内容没有提交，请继续以重新开始。";
    public override string Stale => "这次登录是在另一个浏览器中开始的，或者时间已过太久。请返回应用，从那里重新登录。";
    public override IHtmlContent StaleFrom(string application) =>
        Html("对 <strong>{0}</strong> 的这次登录是在另一个浏览器中开始的，或者时间已过太久。请返回应用，从那里重新登录。", application);
    public override string UnavailableTitle => "请稍候";
    public override string Unavailable => "部分服务暂时无法访问。您的信息不会丢失，请过几秒再试。";
    public override string TryAgain => "重试";
    public override string FailedTitle => "系统出错了";
    public override string Failed => "这是我们的问题，与您的操作无关。请重试；如果仍然出现，请把请求编号告诉我们。";
    public override string BadInputTitle => "无法识别提交的内容";
    public override string BadInput => "浏览器提交的内容有缺失、重复、过长或编码错误。请返回后重试。";
    public override string TooLargeTitle => "提交的内容过大";
    public override string TooLarge => "浏览器提交的内容超出了限制。请返回后重试。";
    public override string NotFoundTitle => "没有这个页面";
    public override string NotFound => "网址可能有误，或页面已不存在。";
    public override string GoToSignIn => "前往登录页";
    public override string RequestId => "请求编号";
    public override string Copy => "复制";
    public override string Copied => "已复制";
    public override string ForDevelopers => "技术信息";

    public override string InSeconds(int seconds) => $"{seconds} 秒后";
    public override string InMinutes(int minutes) => $"{minutes} 分钟后";
    public override string JustNow => "刚刚";
    public override string MinutesAgo(int minutes) => $"{minutes} 分钟前";
    public override string HoursAgo(int hours) => $"{hours} 小时前";
    public override string Day(DateTime day) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy 年 M 月 d 日}");
    public override string InHours(int hours) => $"{hours} 小时后";
}
