using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Mail: written with the change, once for each recipient and event, sent at least once, and nothing smuggled into its headers.</summary>
public class MailTests
{
    private const string To = "resident@example.org";
    private static readonly Subject Report = new("report", "2026-000001");

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_chosen_lasts_as_long_as_its_thing_may_send_mail(StoreKind kind)
    {
        IReadOnlySet<string> reachable = new HashSet<string> { "open" };
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton(new MailAbout("probe", (_, _, _) => Task.FromResult(reachable))));
        await ChooseAsync(store, "a@example.org", "open", "ended");
        await ChooseAsync(store, "b@example.org", "ended");
        store.Clock.Advance(TimeSpan.FromDays(91));
        await ChooseAsync(store, "c@example.org", "ended");
        await store.Get<Retention>().RunAsync(CancellationToken.None);
        await using var read = store.Database.Open();
        (await read.Set<MailPaceRow>().OrderBy(p => p.Address).Select(p => p.Address + " " + p.AboutId).ToListAsync()).ShouldBe(["a@example.org open", "c@example.org ended"]);

        static async Task ChooseAsync(TestStore store, string address, params string[] things)
        {
            foreach (var thing in things)
            {
                (await Mails.ChoosePaceAsync(store.Writer, address, new Subject("probe", thing), MailPace.Never)).Ok.ShouldBeTrue();
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_mail_is_sent_once_however_often_it_is_posted(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        for (var i = 0; i < 3; i++)
        {
            await PostAsync(store, Plain("event 1"), Plain("event 1"));
        }
        await PostAsync(store, Plain("event 2"));
        await SendAllAsync(store);
        Files(store).Length.ShouldBe(2);
        await using var read = store.Database.Open();
        var rows = await read.Set<MailRow>().ToListAsync();
        rows.ShouldAllBe(m => m.State == MailState.Sent && m.Content == null && m.EndedAt != null);
        (await store.Get<MailSender>().SendDueAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_notices_of_one_event_are_two_mails_to_one_address(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await PostAsync(store, Plain("event 1"), Plain("event 1") with { Notice = "kernel.test.other" });
        await using var read = store.Database.Open();
        (await read.Set<MailRow>().Select(m => m.Notice).Order().ToListAsync()).ShouldBe(["kernel.test.mail", "kernel.test.other"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Eight_at_once_make_one_row(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Writer.DoAsync<Done>(Actor.System, async unit =>
        {
            await store.Get<Mails>().PostAsync(unit, Plain("event 1"));
            return default(Done);
        })));
        await using var read = store.Database.Open();
        (await read.Set<MailRow>().CountAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_mail_is_not_there_when_its_change_is_refused(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await store.Writer.DoAsync<Done>(Actor.System, async unit =>
        {
            await store.Get<Mails>().PostAsync(unit, Plain("event 1"));
            return new Refusal(RefusalKind.Conflict, "kernel.stale");
        });
        await SendAllAsync(store);
        Files(store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_reads_as_a_mail_in_the_recipients_language()
    {
        await using var store = await NewAsync(StoreKind.Sqlite);
        await PostAsync(store, new Message("kernel.test.mail", "e", To, "fr", "Dépôt", "Première ligne <b>\n\nhttps://example.org")
        {
            Links = [new MailLink("Voir", new Uri("http://localhost:8080/fr/reports/1?t=abc&x=1"))],
        });
        await SendAllAsync(store);
        var eml = await File.ReadAllTextAsync(Files(store).Single());
        var id = Path.GetFileNameWithoutExtension(Files(store).Single()).Replace("-", "", StringComparison.Ordinal);
        eml.ShouldContain($"Message-ID: <{id}@localhost>\r\n");
        eml.ShouldContain("Date: Mon, 04 May 2026 08:00:00 +0000\r\n");
        eml.ShouldContain($"To: {To}\r\n");
        eml.ShouldContain("Content-Language: fr\r\n");
        eml.ShouldContain("Auto-Submitted: auto-generated\r\n");
        eml.ShouldContain("multipart/alternative");
        eml.ShouldContain("http://localhost:8080/fr/reports/1?t=abc&x=1\r\n");
        eml.ShouldContain("Première ligne <b>\r\n");
        eml.ShouldContain("Premi&#xE8;re ligne &lt;b&gt;");
        eml.ShouldNotContain("List-Unsubscribe");
        eml.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
        SubjectOf(eml).ShouldStartWith("Dépôt");
    }

    [Theory]
    [InlineData("x\r\nBcc: victim@example.org")]
    [InlineData("x\nBcc: victim@example.org")]
    [InlineData("x\rBcc: victim@example.org")]
    [InlineData("x\u2028Bcc: victim@example.org\u0000")]
    [InlineData("x\r\n\r\n<html>another body")]
    public async Task Nothing_begins_a_header_of_its_own(string smuggled)
    {
        await using var store = await NewAsync(StoreKind.Sqlite);
        await PostAsync(store, new Message("kernel.test.mail", "e", To, "en", smuggled, "text"));
        await SendAllAsync(store);
        var eml = await File.ReadAllTextAsync(Files(store).Single());
        var headers = eml[..eml.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        headers.Split("\r\n").ShouldAllBe(line => !line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        headers.ShouldContain("multipart/alternative");
        SubjectOf(eml).ShouldNotContain("\n");
    }

    [Fact]
    public void An_address_with_a_line_end_is_no_header() =>
        Should.Throw<ArgumentException>(() => Eml.Write(new OutgoingMail(
            Guid.AllBitsSet, "id@localhost", "a@example.org", "A", "b@example.org\r\nBcc: c@example.org", "en", "s", "p", "h", null, DateTimeOffset.UnixEpoch)));

    [Theory]
    [InlineData("short")]
    [InlineData("Vos 3 signalements à Saint-Gilles – rue de l’Église, près du café « Chez Léon », où l’éclairage 💡 est cassé depuis très longtemps")]
    [InlineData("=?utf-8?B?AAAA?=")]
    [InlineData("a, b; c <d@example.org>")]
    public void Words_in_a_header_come_back_as_they_were(string words)
    {
        var header = Eml.Word(words);
        header.Split("\r\n").ShouldAllBe(line => line.Length <= 76);
        header.ShouldAllBe(letter => letter < 128);
        Decoded(header).ShouldBe(words);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_server_that_is_away_is_tried_again_and_never_twice_recorded(StoreKind kind)
    {
        var server = new Server { Refuses = new IOException() };
        await using var store = await NewAsync(kind, server);
        await PostAsync(store, Plain("event 1"));
        await SendAllAsync(store);
        server.Taken.ShouldBeEmpty();
        await SendAllAsync(store);
        server.Tried.ShouldBe(1, "it waits before it tries again");
        server.Refuses = null;
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAllAsync(store);
        server.Taken.Count.ShouldBe(1);
        await using var read = store.Database.Open();
        var row = await read.Set<MailRow>().SingleAsync();
        (row.State, row.Attempts, row.Error).ShouldBe((MailState.Sent, 2, null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task After_a_crash_the_same_mail_goes_again_with_the_same_id(StoreKind kind)
    {
        using var crash = new CancellationTokenSource();
        var server = new Server { Crash = crash };
        await using var store = await NewAsync(kind, server);
        await PostAsync(store, Plain("event 1"));
        await Should.ThrowAsync<OperationCanceledException>(() => store.Get<MailSender>().SendDueAsync(crash.Token));
        (await store.Get<MailSender>().SendDueAsync()).ShouldBe(0, "the lease still holds");
        store.Clock.Advance(TimeSpan.FromMinutes(5));
        await SendAllAsync(store);
        server.Taken.Count.ShouldBe(2);
        server.Taken.Select(m => m.MessageId).Distinct().Count().ShouldBe(1);
        await using var read = store.Database.Open();
        (await read.Set<MailRow>().CountAsync()).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refusal_for_good_ends_it_and_a_day_of_failures_too(StoreKind kind)
    {
        var server = new Server { Refuses = new MailRefusedException("550") };
        await using var store = await NewAsync(kind, server);
        await PostAsync(store, Plain("event 1"));
        await SendAllAsync(store);
        server.Refuses = new IOException();
        await PostAsync(store, Plain("event 2"));
        for (var i = 0; i < 20; i++)
        {
            await SendAllAsync(store);
            store.Clock.Advance(TimeSpan.FromHours(12));
        }
        await using var read = store.Database.Open();
        var rows = await read.Set<MailRow>().OrderBy(m => m.MadeAt).ThenBy(m => m.Id).ToListAsync();
        rows.ShouldAllBe(m => m.State == MailState.Failed && m.Content == null);
        rows.Select(m => m.Attempts).ShouldBe([1, 8]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_digest_is_one_mail_at_seven_in_the_morning(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var daily = Plain("event 1") with { About = Report, Pace = MailPace.Daily };
        await PostAsync(store, daily, daily with { Event = "event 2" }, daily with { Event = "event 3", Address = "other@example.org" });
        await SendAllAsync(store);
        Files(store).ShouldBeEmpty();
        store.Clock.Set(new DateTimeOffset(2026, 5, 5, 4, 59, 59, TimeSpan.Zero));
        await SendAllAsync(store);
        Files(store).ShouldBeEmpty();
        store.Clock.Set(new DateTimeOffset(2026, 5, 5, 5, 0, 0, TimeSpan.Zero)); // 7:00 in Brussels, summer time.
        await SendAllAsync(store);
        await SendAllAsync(store);
        Files(store).Length.ShouldBe(2);
        await using var read = store.Database.Open();
        (await read.Set<MailRow>().GroupBy(m => m.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count))
            .ShouldBe(new Dictionary<MailState, int> { [MailState.Digested] = 3, [MailState.Sent] = 2 }, ignoreOrder: true);
        var mine = (await Task.WhenAll(Files(store).Select(f => File.ReadAllTextAsync(f)))).Single(eml => eml.Contains(To, StringComparison.Ordinal));
        SubjectOf(mine).ShouldContain("2");
        mine.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }

    /// <summary>RFC 8058, also of a mail about several things: one click stops all of them.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_digest_of_several_things_is_stopped_with_one_click(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var other = new Subject("report", "another one");
        var daily = Plain("event 1") with { About = Report, Pace = MailPace.Daily };
        await PostAsync(store, daily, daily with { Event = "event 2", About = other });
        store.Clock.Set(new DateTimeOffset(2026, 5, 5, 5, 0, 0, TimeSpan.Zero));
        await SendAllAsync(store);
        var mail = await File.ReadAllTextAsync(Files(store).ShouldHaveSingleItem());
        mail.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        await using var read = store.Database.Open();
        var sent = await read.Set<MailRow>().SingleAsync(m => m.State == MailState.Sent);
        store.Get<Mails>().OneClickUrl(sent).ShouldNotBeNull();
        var held = JsonSerializer.SerializeToElement(await store.Get<Privacy>().ExportAsync(new Person(null, To)), Json.Options).GetProperty("kernel.mail").EnumerateArray();
        held.Where(one => one.GetProperty("mail").GetGuid() == sent.Id).ShouldHaveSingleItem().GetProperty("about").EnumerateArray().Select(one => one.GetString()).ShouldBe([Report.ToString(), other.ToString()], ignoreOrder: true);
        (await Mails.ChoosePaceAsync(store.Writer, To, sent.About!.Value, MailPace.Never)).Ok.ShouldBeTrue();
        (await Mails.PaceOfAsync(read, To, Report)).ShouldBe(MailPace.Never);
        (await Mails.PaceOfAsync(read, To, other)).ShouldBe(MailPace.Never);
    }

    [Theory]
    [OnSqlite(MailPace.Daily, "2026-05-04T04:00:00Z", "2026-05-04T05:00:00Z")]
    [OnSqlite(MailPace.Daily, "2026-05-04T05:00:00Z", "2026-05-05T05:00:00Z")]
    [OnSqlite(MailPace.Daily, "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z")] // The night on which clocks go back.
    [OnSqlite(MailPace.Weekly, "2026-05-04T04:00:00Z", "2026-05-04T05:00:00Z")]
    [OnSqlite(MailPace.Weekly, "2026-05-04T05:00:00Z", "2026-05-11T05:00:00Z")]
    [OnSqlite(MailPace.Weekly, "2026-05-06T12:00:00Z", "2026-05-11T05:00:00Z")]
    public async Task Digests_keep_to_the_clocks_of_the_city(StoreKind kind, MailPace pace, string now, string due)
    {
        await using var store = await NewAsync(kind);
        Instants.FromMicros(store.Get<Mails>().NextDigest(DateTimeOffset.Parse(now).ToMicros(), pace)).ShouldBe(DateTimeOffset.Parse(due));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_recipient_chose_goes_before_what_was_asked(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        var about = Plain("event 1") with { About = Report };
        await PostAsync(store, about with { Pace = MailPace.Daily });
        await ChooseAsync(store, MailPace.Never);
        await PostAsync(store, about with { Event = "event 2" }, Plain("event 3"), about with { Event = "event 4", About = new Subject("report", "2026-000002") });
        await SendAllAsync(store);
        store.Clock.Advance(TimeSpan.FromDays(8));
        await SendAllAsync(store);
        Files(store).Length.ShouldBe(2);
        await ChooseAsync(store, MailPace.AtOnce);
        await PostAsync(store, about with { Event = "event 5", Pace = MailPace.Weekly });
        await SendAllAsync(store);
        Files(store).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_token_for_the_pace_opens_its_own_subscription()
    {
        await using var store = await NewAsync(StoreKind.Sqlite);
        var mails = store.Get<Mails>();
        var token = mails.PaceToken(To, Report);
        mails.TryReadPaceToken(token, out var address, out var about).ShouldBeTrue();
        (address, about).ShouldBe((To, Report));
        mails.TryReadPaceToken(token[..^2] + "AA", out _, out _).ShouldBeFalse();
        mails.TryReadPaceToken(store.Get<Signer>().SignLink("mail.pace", To, null), out _, out _).ShouldBeFalse();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Old_mails_and_those_of_the_erased_are_gone(StoreKind kind)
    {
        await using var store = await NewAsync(kind);
        await PostAsync(store, Plain("event 1"), Plain("event 2") with { Address = "other@example.org" });
        await SendAllAsync(store);
        var data = store.Services.GetServices<PersonalData>().OfType<MailData>().Single();
        await store.Writer.DoAsync(Actor.System, async unit => (await data.EraseAsync(unit, new Person(null, To), default)).ShouldBe(1));
        Files(store).Length.ShouldBe(1);
        store.Clock.Advance(TimeSpan.FromDays(91));
        await store.Get<Retention>().RunAsync(default);
        await using var read = store.Database.Open();
        (await read.Set<MailRow>().CountAsync()).ShouldBe(0);
        Files(store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_real_server_gets_the_mail()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var got = TakeOneAsync(listener);
        var transport = new SmtpTransport(new Uri($"smtp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}?tls=off"));
        await transport.SendAsync(new OutgoingMail(
            Guid.AllBitsSet, "abc@localhost", "no-reply@example.org", "Région", To, "fr", "Reçu", "Bonjour\n.\nfin", "<p>Bonjour</p>", new Uri("http://localhost/mail/unsubscribe?t=x"), DateTimeOffset.UnixEpoch), default);
        var (envelope, mail) = await got;
        envelope.ShouldContain($"RCPT TO:<{To}>");
        mail.ShouldContain("<abc@localhost>");
        mail.ShouldContain("One-Click");
        mail.ShouldContain("multipart/alternative");
    }

    /// <summary>530 is what a server says after a password that it refused, which the client does not tell of.</summary>
    [Theory]
    [InlineData("MAIL", "530 5.7.0 Authentication required", false)]
    [InlineData("MAIL", "553 5.1.8 Sender refused", false)]
    [InlineData("RCPT", "451 4.7.1 Greylisted", false)]
    [InlineData("RCPT", "554 5.7.1 Relay access denied", false)]
    [InlineData("RCPT", "550 5.1.1 No such mailbox", true)]
    [InlineData("DATA", "554 5.7.1 Not now", false)]
    public async Task Only_an_address_that_is_not_there_is_refused_for_good(string command, string says, bool forGood)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var refusing = TakeOneAsync(listener, line => line.StartsWith(command, StringComparison.Ordinal) ? says : null);
        var transport = new SmtpTransport(new Uri($"smtp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}?tls=off"));
        var failure = await Should.ThrowAsync<Exception>(() => transport.SendAsync(
            new OutgoingMail(Guid.AllBitsSet, "abc@localhost", "no-reply@example.org", "Région", To, "fr", "Reçu", "Bonjour", "<p>Bonjour</p>", null, DateTimeOffset.UnixEpoch), default));
        (failure is MailRefusedException).ShouldBe(forGood, failure.ToString());
        await refusing;
    }

    private static Message Plain(string what) => new("kernel.test.mail", what, To, "en", "Subject", "Words");

    private static async Task<TestStore> NewAsync(StoreKind kind, MailTransport? transport = null) => await TestStore.NewAsync(kind, parts =>
    {
        parts.AddSingleton(new Notice("kernel.test.mail"));
        parts.AddSingleton(new Notice("kernel.test.other"));
        parts.AddSingleton(new Words([new WordList("kernel", typeof(MailTests), "MailTests")], new Given()));
        if (transport is not null)
        {
            parts.AddSingleton(transport);
        }
    });

    private static Task PostAsync(TestStore store, params Message[] messages) => store.Writer.DoAsync(Actor.System, async unit =>
    {
        foreach (var message in messages)
        {
            await store.Get<Mails>().PostAsync(unit, message);
        }
    });

    private static Task ChooseAsync(TestStore store, MailPace pace) => store.Writer.DoAsync(Actor.System, unit => Mails.ChoosePaceAsync(unit, To, Report, pace));

    private static async Task SendAllAsync(TestStore store)
    {
        await store.Get<MailSender>().GatherAsync();
        while (await store.Get<MailSender>().SendDueAsync() > 0)
        {
        }
    }

    private static string[] Files(TestStore store) => Directory.GetFiles(Path.Combine(store.Folder, "mail"));

    private static string SubjectOf(string eml)
    {
        var start = eml.IndexOf("\r\nSubject: ", StringComparison.Ordinal) + 11;
        return Decoded(eml[start..eml.IndexOf("\r\nMessage-ID", StringComparison.Ordinal)]);
    }

    /// <summary>RFC 2047, section 6.2: white space between encoded words is not shown.</summary>
    private static string Decoded(string header) => header.StartsWith("=?utf-8?B?", StringComparison.Ordinal)
        ? string.Concat(header.Split("\r\n ").Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2]))))
        : header;

    private static async Task<(string Envelope, string Mail)> TakeOneAsync(TcpListener listener, Func<string, string?>? refuses = null)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var (envelope, mail) = (new StringBuilder(), new StringBuilder());
        await writer.WriteLineAsync("220 here");
        while (await reader.ReadLineAsync() is { } line && line != "QUIT")
        {
            envelope.AppendLine(line);
            if (refuses?.Invoke(line) is { } refusal)
            {
                await writer.WriteLineAsync(refusal);
                continue;
            }
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync() is { } part && part != ".")
                {
                    mail.AppendLine(part);
                }
            }
            await writer.WriteLineAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250 8BITMIME" : "250 ok");
            if (mail.Length > 0)
            {
                break;
            }
        }
        return (envelope.ToString(), mail.ToString());
    }

    /// <summary>A server that does what the test says.</summary>
    private sealed class Server : MailTransport
    {
        public List<OutgoingMail> Taken { get; } = [];

        public int Tried { get; private set; }

        public Exception? Refuses { get; set; }

        /// <summary>Takes the mail and then the program dies, before it can be marked.</summary>
        public CancellationTokenSource? Crash { get; set; }

        public override async Task SendAsync(OutgoingMail mail, CancellationToken cancellation)
        {
            Tried++;
            if (Refuses is not null)
            {
                throw Refuses;
            }
            Taken.Add(mail);
            if (Crash is { IsCancellationRequested: false })
            {
                await Crash.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Words for the notice of the test: subject and text are its two arguments.</summary>
    private sealed class Given : Microsoft.Extensions.Localization.IStringLocalizerFactory, Microsoft.Extensions.Localization.IStringLocalizer
    {
        public Microsoft.Extensions.Localization.LocalizedString this[string name] => new(name, name);

        public Microsoft.Extensions.Localization.LocalizedString this[string name, params object[] arguments] => new(name, name switch
        {
            "kernel.test.mail.subject" => $"{arguments[0]}",
            "kernel.test.mail.text" => $"{arguments[1]}",
            _ => string.Join(' ', arguments),
        });

        public Microsoft.Extensions.Localization.IStringLocalizer Create(Type resourceSource) => this;

        public Microsoft.Extensions.Localization.IStringLocalizer Create(string baseName, string location) => this;

        public IEnumerable<Microsoft.Extensions.Localization.LocalizedString> GetAllStrings(bool includeParentCultures) => [];
    }
}
