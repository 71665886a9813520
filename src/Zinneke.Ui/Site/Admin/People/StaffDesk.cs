using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>A role as it is shown.</summary>
/// <param name="Limits">Branches and areas that it is limited to, in words; empty for none.</param>
/// <param name="MayWithdraw">The reader may take it away.</param>
public sealed record ShownRole(AccountRole Held, string Name, string? Body, IReadOnlyList<string> Limits, string GivenBy, bool MayWithdraw);

/// <summary>Somebody with roles.</summary>
/// <param name="SignedInAt">UTC microseconds; null when never.</param>
public sealed record StaffMember(Guid Id, string Name, string? Email, IReadOnlyList<ShownRole> Roles, long? SignedInAt);

/// <summary>What the list of people shows.</summary>
/// <param name="Page">From 1.</param>
public sealed record StaffListView(IReadOnlyList<StaffMember> People, int Count, int Page, bool More, string? Words, string? Body, string? Role, IReadOnlyList<Option> Bodies, IReadOnlyList<Option> Roles, bool MayGive, string? Done);

/// <summary>What the page of one person shows.</summary>
/// <param name="Asked">The role that is asked about before it is taken away.</param>
public sealed record StaffView(StaffMember Person, ShownRole? Asked, bool IsReader, bool MayGive, string? Done, Refusal? Refusal);

/// <summary>What the form for a role shows.</summary>
public sealed record GiveRoleView(Typed Typed, IReadOnlyList<Option> Roles, IReadOnlyList<Option> Bodies, bool MayGiveWhole, IReadOnlyList<Option> Branches, IReadOnlyList<Option> Areas, Refusal? Refusal);

/// <summary>Shows who may do what, and changes it; each reader within their own bodies.</summary>
internal sealed class StaffDesk(
    Store store, Log log, RoleBook book, BodyMap bodies, Accounts accounts, IEnumerable<RoleBranches> branches, AreaMap areas, Mails mails, SiteAddress site, Words words, Dates dates, Caller caller)
{
    private const int PageSize = 50;

    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation)
    {
        var (sought, body, role) = (Here.Value(http.Request, "q"), Here.Value(http.Request, "body"), Here.Value(http.Request, "role"));
        var found = (await ReadAsync(r => (body is null || r.Body == body) && (role is null || r.Role == role), cancellation))
            .Where(person => sought is null || Fits(person, Folding.Words(sought))).OrderBy(person => person.Name.Length > 0 ? person.Name : person.Email, ByCulture).ToList();
        var page = int.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1;
        var shown = await WithSignInAsync(found.Skip((page - 1) * PageSize).Take(PageSize), cancellation);
        var reach = BodyReach.Of(caller, PeoplePermissions.ReadAccounts, bodies);
        var view = new StaffListView(
            shown, found.Count, page, found.Count > page * PageSize, sought, body, role, [.. reach.Bodies.Select(id => new Option(id, NameOf(id))).OrderBy(o => o.Label, ByCulture)],
            [.. book.Roles.Select(r => new Option(r.Key, words[r.TextKey]))], caller.CanSomewhere(PeoplePermissions.ManageAccounts), Here.Value(http.Request, "done"));
        return SignInPages.Page<StaffListPage>(new { View = view }, 200, http);
    }

    public async Task<IResult> ShowAsync(HttpContext http, Guid id, Refusal? refusal, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } person)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var asked = Guid.TryParse(http.Request.Query["withdraw"], CultureInfo.InvariantCulture, out var role) ? person.Roles.FirstOrDefault(r => r.Held.Id == role && r.MayWithdraw) : null;
        var view = new StaffView(person, asked, id == caller.Account, caller.CanSomewhere(PeoplePermissions.ManageAccounts), Here.Value(http.Request, "done"), refusal);
        return SignInPages.Page<StaffPage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    public async Task<IResult> WithdrawAsync(HttpContext http, Guid id, Guid role, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } person || person.Roles.All(r => r.Held.Id != role))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        if ((await accounts.WithdrawRoleAsync(caller, role, cancellation)).Refusal is { } refusal)
        {
            return await ShowAsync(http, id, refusal, cancellation);
        }
        var here = $"/{http.Language()}";
        // Who gave up the own role may perhaps see this page no more.
        return new SeeOther(id == caller.Account ? $"{here}/account" : person.Roles.Count > 1 ? $"{here}/admin/people/{id}?done=withdrawn" : $"{here}/admin/people?done=withdrawn");
    }

    public async Task<IResult> AskAsync(HttpContext http, Typed typed, Refusal? refusal, CancellationToken cancellation)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ManageAccounts, bodies);
        var offered = new List<Option>();
        foreach (var list in branches)
        {
            offered.AddRange((await list.List(store, cancellation)).Select(branch => new Option(branch.Code, branch.Name.In(caller.Language))));
        }
        var view = new GiveRoleView(
            typed, [.. book.Roles.Where(role => reach.Bodies.Cast<string?>().Append(null).Any(body => accounts.MayGive(caller, role.Key, body))).Select(role => new Option(role.Key, words[role.TextKey]))],
            [.. reach.Bodies.Select(id => new Option(id, NameOf(id))).OrderBy(o => o.Label, ByCulture)], reach.Whole, offered, [.. Towns.Select(area => new Option(area.Id, area.Names.In(caller.Language)))], refusal);
        return SignInPages.Page<GiveRolePage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    /// <summary>Gives a role and invites the person, known or new, to sign in.</summary>
    public async Task<IResult> GiveAsync(HttpContext http, Typed typed, CancellationToken cancellation)
    {
        var wanted = new WantedRole(typed["role"] ?? "", typed["body"], typed.All("categories"), typed.All("areas"));
        if (await RefusalOfAsync(wanted, cancellation) is { } unknown)
        {
            return await AskAsync(http, typed, unknown, cancellation);
        }
        var given = await accounts.GiveRoleAsync(caller, typed["email"] ?? "", typed["name"], wanted, (unit, account) => InviteAsync(unit, account, wanted, cancellation), cancellation);
        return given.Is(out var person, out var refusal)
            ? new SeeOther($"/{http.Language()}/admin/people/{person.Id}?done=given")
            : await AskAsync(http, typed, refusal, cancellation);
    }

    private async Task InviteAsync(Unit unit, Account account, WantedRole wanted, CancellationToken cancellation)
    {
        var language = account.Language;
        var link = new MailLink(words.In(language, "ui.mail.role.button"), SignIn.UrlOf(site, language, SignIn.NewInvitation(unit, account.Email!, language, $"/{language}/")));
        var role = words.InAll(book.Roles.First(r => r.Key == wanted.Role).TextKey);
        await mails.PostAsync(unit, new Message(StaffPages.Notice, $"{StaffPages.Notice}:{unit.NextId()}", account.Email!, language, role, wanted.Body is { } body ? bodies.Find(body)!.Names : words.InAll("ui.people.whole")) { Links = [link] }, cancellation);
    }

    /// <summary>A form names only bodies, branches and areas that there are.</summary>
    private async Task<Refusal?> RefusalOfAsync(WantedRole wanted, CancellationToken cancellation)
    {
        if (wanted.Body is { } body && bodies.Find(body) is null)
        {
            return Refusal.Invalid("ui.unknownBody", "body");
        }
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in branches)
        {
            codes.UnionWith((await list.List(store, cancellation)).Select(branch => branch.Code));
        }
        return !codes.IsSupersetOf(wanted.Categories) ? Refusal.Invalid("ui.unknownBranch", "categories")
            : wanted.Areas.Any(id => areas.Current.On(dates.Today).Find(id) is null) ? Refusal.Invalid("ui.unknownArea", "areas")
            : null;
    }

    private async Task<StaffMember?> FindAsync(Guid id, CancellationToken cancellation) =>
        await WithSignInAsync(await ReadAsync(r => r.AccountId == id, cancellation), cancellation) is [var person] ? person : null;

    /// <summary>People with those of their roles that the reader may see.</summary>
    private async Task<IReadOnlyList<StaffMember>> ReadAsync(Func<AccountRole, bool> which, CancellationToken cancellation)
    {
        var reach = BodyReach.Of(caller, PeoplePermissions.ReadAccounts, bodies);
        var held = await store.Set<AccountRole>().AsNoTracking().Join(store.Set<Account>().AsNoTracking(), r => r.AccountId, a => a.Id, (r, a) => new { Role = r, Account = a }).ToListAsync(cancellation);
        var seen = held.Where(h => reach.Covers(h.Role.Body)).ToList();
        var givers = await ActorNames.OfAsync(store, seen.Select(h => h.Role.GrantedBy), cancellation);
        return
        [
            .. seen.GroupBy(h => h.Account.Id).Where(person => person.Any(h => which(h.Role)))
                .Select(person => new StaffMember(person.Key, person.First().Account.Name, person.First().Account.Email, [.. person.Select(h => Shown(h.Role, givers)).OrderBy(r => r.Body, ByCulture)], null)),
        ];
    }

    private async Task<IReadOnlyList<StaffMember>> WithSignInAsync(IEnumerable<StaffMember> people, CancellationToken cancellation)
    {
        var list = people.ToList();
        var last = await log.LastAsync<AccountSignedIn>("account", [.. list.Select(person => person.Id.ToString("D"))], cancellation);
        return [.. list.Select(person => person with { SignedInAt = last.TryGetValue(person.Id.ToString("D"), out var at) ? at : null })];
    }

    private ShownRole Shown(AccountRole role, IReadOnlyDictionary<Guid, string> givers) => new(
        role, book.Roles.FirstOrDefault(r => r.Key == role.Role) is { } known ? words[known.TextKey] : role.Role, role.Body is { } body ? NameOf(body) : null,
        [.. role.Categories, .. role.Areas.Select(id => areas.Current.On(dates.Today).Find(id)?.Names.In(caller.Language) ?? id)],
        givers.GetValueOrDefault(role.GrantedBy) ?? words[role.GrantedBy == Actor.System.Id ? "ui.admin.program" : "ui.admin.somebodyGone"], accounts.MayGive(caller, role.Role, role.Body));

    private IEnumerable<Area> Towns => areas.Current.On(dates.Today).Of(Area.Municipality).All.OrderBy(area => area.Names.In(caller.Language), ByCulture);

    private string NameOf(string body) => bodies.Find(body)?.Names.In(caller.Language) ?? body;

    /// <summary>Every word sought begins a word of the name or the address.</summary>
    private static bool Fits(StaffMember person, IReadOnlyList<string> sought)
    {
        var own = Folding.Words($"{person.Name} {person.Email}");
        return sought.All(word => own.Any(mine => mine.StartsWith(word, StringComparison.Ordinal)));
    }

    private static StringComparer ByCulture => StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true);
}
