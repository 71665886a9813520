using System.Text;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Testing.Kernel;

public class ImportsTests
{
    [Fact]
    public void A_value_knows_its_line_and_path()
    {
        var faults = new Faults();
        var tree = JsonTree.Parse("""
            {
              "a": [1,
                {"b": null, "c": "é"}],
              "d": true
            }
            """u8, faults)!;
        faults.None.ShouldBeTrue();
        var c = tree.Member("a")!.Children[1].Member("c")!;
        (c.Line, c.Path, c.Words, c.Kind).ShouldBe((3, "a[1].c", "é", JsonValueKind.String));
        (tree.Member("d")!.Line, tree.Member("d")!.Path).ShouldBe((4, "d"));
        tree.Member("a")!.Children[0].ToString().ShouldBe("1");
    }

    [Theory]
    [InlineData("{\n \"a\": 1,\n}", 3)]
    [InlineData("{\n\n \"a\": tru }", 3)]
    [InlineData("", 1)]
    [InlineData("[1,2", 1)]
    [InlineData("{\"a\":1,\n\"a\":2}", 2)]
    public void What_is_no_json_is_named_with_its_line(string text, int line)
    {
        var faults = new Faults();
        JsonTree.Parse(Encoding.UTF8.GetBytes(text), faults);
        faults.Count.ShouldBe(1);
        faults.First[0].Line.ShouldBe(line);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        var faults = new Faults();
        JsonTree.Parse([.. "{\"a\":\""u8, 0xE9, .. "\"}"u8], faults).ShouldBeNull();
        faults.First[0].Expected.ShouldBe("a file in UTF-8");
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault() => JsonTree.Parse([0xEF, 0xBB, 0xBF, .. "{}"u8], new Faults()).ShouldNotBeNull();

    [Fact]
    public void Fields_gather_every_fault_and_go_on()
    {
        var faults = new Faults();
        var at = new JsonFields(JsonTree.Parse("""
            {"id": "a b", "size": 12, "day": "2026-02-30",
             "names": {"fr": "x", "nl": ""},
             "odd": 1}
            """u8, faults)!, faults);
        at.Code("id").ShouldBe("");
        at.Int("size", 1, 10).ShouldBe(1);
        at.Date("day").ShouldBeNull();
        at.Text("names", ["fr", "nl"]).Exactly("fr").ShouldBe("x");
        at.Bool("open", null).ShouldBeFalse();
        at.NoOthers();
        faults.First.Select(fault => (fault.Line, fault.Field)).ShouldBe([(1, "id"), (1, "size"), (1, "day"), (2, "names.nl"), (1, "open"), (3, "odd")]);
        faults.First[1].ToString().ShouldBe("line 1, size: found 12, expected a whole number from 1 to 10");
    }

    [Fact]
    public void Only_the_first_hundred_faults_are_kept()
    {
        var faults = new Faults();
        for (var line = 1; line <= 250; line++)
        {
            faults.Add(line, "x", "y", "z");
        }
        (faults.Count, faults.First.Count).ShouldBe((250, 100));
    }

    [Fact]
    public void Csv_rows_know_where_they_begin()
    {
        var faults = new Faults();
        using var rows = Rows("\uFEFFid,text,lon\n1,\"two\nlines, \"\"quoted\"\"\",4.35\n\n2,b,4.36\n", faults, "id", "lon");
        rows.Read().ShouldBeTrue();
        (rows.Line, rows["text"]).ShouldBe((2, "two\nlines, \"quoted\""));
        rows.Number("lon", -180, 180, out var lon).ShouldBeTrue();
        lon.ShouldBe(4.35);
        rows.Read().ShouldBeTrue();
        (rows.Line, rows["id"], rows["nothing"]).ShouldBe((5, "2", ""));
        rows.Read().ShouldBeFalse();
        (rows.Count, faults.Count).ShouldBe((2, 0));
    }

    [Fact]
    public void Csv_faults_name_line_and_column()
    {
        var faults = new Faults();
        using var rows = Rows("id,lon,at\n1,x,2026-01-01T00:00:00\n2,4\n3,400,2026-01-01T00:00:00Z\n4,\"a\"b,2026-01-01\n", faults);
        while (rows.Read())
        {
            rows.Number("lon", -180, 180, out _);
            rows.Instant("at", out _);
        }
        faults.First.Select(fault => (fault.Line, fault.Field)).ShouldBe([(2, "lon"), (2, "at"), (3, ""), (4, "lon"), (5, "")]);
        rows.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("id,name\n", "lon")]
    [InlineData("id,lon,ID\n", "ID")]
    public void A_wrong_header_ends_the_file(string text, string field)
    {
        var faults = new Faults();
        using var rows = Rows(text.Length == 0 ? "" : text + "1,2,3\n", faults, "id", "lon");
        rows.Read().ShouldBeFalse();
        faults.First.ShouldContain(fault => fault.Line == 1 && fault.Field == field);
    }

    [Fact]
    public void Latin_1_is_named_as_such()
    {
        var faults = new Faults();
        using var rows = new CsvRows(new MemoryStream([.. "id\n"u8, 0xE9, (byte)'\n']), faults, "id");
        rows.Read().ShouldBeFalse();
        faults.First[0].ShouldBe(new Fault(2, "", "bytes that are no UTF-8", "a file in UTF-8"));
    }

    [Theory]
    [InlineData("2026-07-21T10:00:00+02:00", true)]
    [InlineData("2026-07-21T08:00:00Z", true)]
    [InlineData("2026-07-21T08:00:00.123456Z", true)]
    [InlineData("2026-07-21T10:00:00", false)]
    [InlineData("2026-07-21", false)]
    [InlineData("yesterday", false)]
    public void An_instant_says_its_zone(string text, bool good) => Instants.TryRead(text, out _).ShouldBe(good);

    [Fact]
    public void What_differs_is_told_by_key_and_text()
    {
        static ImportRecord[] Records(params (string Key, string Line)[] all) => [.. all.Select(r => new ImportRecord(r.Key, Zinneke.Kernel.Text.Empty, r.Line))];
        var change = new ImportChange(Records(("a", "1"), ("b", "2"), ("d", "5")), Records(("a", "1"), ("b", "3"), ("c", "4")), true, "", 3);
        change.Added.Select(r => r.Key).ShouldBe(["c"]);
        change.Changed.Select(r => r.Key).ShouldBe(["b"]);
        change.Removed.Select(r => r.Key).ShouldBe(["d"]);
        (change with { Whole = false }).Removed.ShouldBeEmpty();
    }

    private static CsvRows Rows(string text, Faults faults, params string[] required) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), faults, required);

    [Fact]
    public async Task How_much_of_a_file_was_read_is_told()
    {
        var told = new List<long>();
        await using var file = new WatchedStream(new MemoryStream(new byte[25]), told.Add);
        var some = new byte[10];
        while (await file.ReadAsync(some) > 0)
        {
        }
        told.ShouldBe([10, 20, 25, 25]);
    }
}
