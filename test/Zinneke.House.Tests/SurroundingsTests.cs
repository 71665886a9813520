namespace Zinneke.House.Tests;

/// <summary>What every test project stands on: the checkout is found, and nothing is skipped on a build machine.</summary>
public class SurroundingsTests
{
    [Fact]
    public void The_checkout_is_found() => File.Exists(Path.Combine(Surroundings.Root, "global.json")).ShouldBeTrue();

    [Fact]
    public void Reference_data_that_does_not_exist_is_named()
    {
        var failure = Should.Throw<FileNotFoundException>(() => ReferenceData.At("nowhere/nothing.csv"));
        failure.Message.ShouldContain("nowhere/nothing.csv");
        failure.Message.ShouldContain("ZINNEKE_REFERENCE");
    }

    [Fact]
    public void What_is_missing_is_skipped_except_on_a_build_machine()
    {
        Surroundings.SkipUnless(present: true, "missing").ShouldBeNull();
        Surroundings.SkipUnless(present: false, "missing").ShouldBe(Surroundings.Strict ? null : "missing");
    }
}
