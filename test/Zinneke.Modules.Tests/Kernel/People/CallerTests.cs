using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Denied by default; a permission reaches down from the body where it is held, never up or sideways.</summary>
public class CallerTests
{
    private const string Act = "reports.report.act";
    private const string Read = "reports.report.read";

    /// <summary>region above saint-gilles and ixelles; saint-gilles above its works department.</summary>
    private static IReadOnlyList<string> Above(string body) => body switch
    {
        "works" => ["saint-gilles", "region"],
        "saint-gilles" or "ixelles" => ["region"],
        _ => [],
    };

    private static Caller With(params Reach[] reaches) => new(new Actor(new Guid("00000000-0000-8000-8000-00000000000a")), "fr", reaches, Above) { Account = Guid.AllBitsSet };

    private static Reach In(string? body, string[]? categories = null, string[]? areas = null) => new(body, new HashSet<string> { Act }, categories ?? [], areas ?? []);

    [Fact]
    public void Nobody_may_do_anything()
    {
        Caller.Anonymous("fr").Can(Act).ShouldBeFalse();
        Caller.Anonymous("fr").CanSomewhere(Act).ShouldBeFalse();
        With().Can(Act, "ixelles").ShouldBeFalse();
    }

    [Theory]
    [InlineData("region", "ixelles", true)]
    [InlineData("region", "works", true)]
    [InlineData("saint-gilles", "works", true)]
    [InlineData("saint-gilles", "saint-gilles", true)]
    [InlineData("saint-gilles", "ixelles", false)]
    [InlineData("saint-gilles", "region", false)]
    [InlineData("works", "saint-gilles", false)]
    [InlineData("saint-gilles", null, false)]
    [InlineData(null, "ixelles", true)]
    [InlineData(null, null, true)]
    public void A_permission_reaches_the_bodies_below(string? heldIn, string? wantedIn, bool may)
    {
        With(In(heldIn)).Can(Act, wantedIn).ShouldBe(may);
        With(In(heldIn)).Can(Read, wantedIn).ShouldBeFalse();
    }

    [Theory]
    [InlineData("waste", true)]
    [InlineData("waste-dump", true)]
    [InlineData("wastewater", false)]
    [InlineData("roads", false)]
    [InlineData(null, false)]
    public void A_role_limited_to_categories_covers_their_branch_only(string? category, bool may) =>
        With(In("ixelles", categories: ["waste"])).Can(Act, new Where("ixelles", category)).ShouldBe(may);

    [Fact]
    public void A_limit_that_cannot_be_judged_denies()
    {
        var limited = With(In("ixelles", areas: ["flagey"]));
        limited.Can(Act, "ixelles").ShouldBeFalse();
        limited.Can(Act, new Where("ixelles", Area: "flagey")).ShouldBeTrue();
        limited.CanSomewhere(Act).ShouldBeTrue();
        limited.ReachesOf(Act).Single().Areas.ShouldBe(["flagey"]);
    }

    [Fact]
    public void A_door_asks_the_unknown_to_sign_in_and_turns_the_known_away()
    {
        new Access(Act).RefusalFor(Caller.Anonymous("fr"))!.Kind.ShouldBe(RefusalKind.Unauthenticated);
        new Access(Act).RefusalFor(With())!.Kind.ShouldBe(RefusalKind.Forbidden);
        new Access(Act).RefusalFor(With(In("ixelles"))).ShouldBeNull();
        new Access(null).RefusalFor(Caller.Anonymous("fr")).ShouldBeNull();
    }

    [Fact]
    public void A_level_that_is_missing_says_which()
    {
        var refusal = Caller.Anonymous("fr").RefusalUnlessLevel(VerificationLevel.Email)!;
        refusal.Kind.ShouldBe(RefusalKind.Unauthenticated);
        refusal.Members["reason"].ShouldBe("signInNeeded");
        With().RefusalUnlessLevel(VerificationLevel.Resident)!.Members["reason"].ShouldBe("residentNeeded");
        With().RefusalUnlessLevel(VerificationLevel.Anonymous).ShouldBeNull();
    }

    [Fact]
    public void The_program_may_do_everything()
    {
        Caller.Program().Can(Act, "ixelles").ShouldBeTrue();
        Caller.Program().ReachesOf(Act).Single().Body.ShouldBeNull();
    }

    [Theory]
    [InlineData("reports:write", null, null)]
    [InlineData("reports:write", "ixelles", "ixelles")]
    [InlineData("reports:write:saint-gilles", "ixelles", "saint-gilles")]
    [InlineData("partner:c21001", null, "c21001")]
    [InlineData("open311", null, null)]
    public void A_scope_names_a_body_or_takes_that_of_its_key(string scope, string? keyBody, string? opens) =>
        Book().ReachOf(scope, keyBody)!.Body.ShouldBe(opens);

    [Theory]
    [InlineData("partner")]
    [InlineData("reports")]
    [InlineData("reports:")]
    [InlineData("reports:write:")]
    [InlineData("open311:c21001")]
    [InlineData("reports:fly")]
    [InlineData(":")]
    [InlineData("")]
    public void An_unknown_scope_opens_nothing(string scope) => Book().ReachOf(scope, null).ShouldBeNull();

    [Fact]
    public void Modules_add_permissions_to_roles_and_the_administrator_has_them_all()
    {
        var book = Book();
        book.PermissionsOf("officer").ShouldBe([Read]);
        book.PermissionsOf("dispatcher").ShouldBe([Act, Read], ignoreOrder: true);
        book.PermissionsOf("administrator").ShouldBe([Act, Read], ignoreOrder: true);
        book.PermissionsOf("auditor").ShouldBeEmpty();
        book.PermissionsOf("of a module that is switched off").ShouldBeEmpty();
    }

    [Fact]
    public void A_permission_that_nobody_contributed_stops_the_start() =>
        Should.Throw<InvalidOperationException>(() => new RoleBook([new Role("reader", "x", "reports.report.raed")], [], [], []));

    private static RoleBook Book() => new(
        [.. BuiltInRoles.All, new Role("dispatcher", "reports.role.dispatcher", Act)],
        [new RoleGrant("officer", Read), new RoleGrant("dispatcher", Read)],
        [new Scope("reports:write", "", Act), new Scope("partner", "", Act) { NeedsBody = true }, new Scope("open311", "", Read)],
        [new Permission(Act, ""), new Permission(Read, "")]);
}
