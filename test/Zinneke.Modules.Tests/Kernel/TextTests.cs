using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Words in languages, and which of them a machine has translated (K21).</summary>
public class TextTests
{
    [Theory]
    [InlineData("""{"fr":"Bonjour"}""")]
    [InlineData("""{"fr":"Bonjour","nl":"Dag"}""")]
    [InlineData("""{"de":"Tag","fr":"Bonjour","nl":"Dag","original":"fr","machine":["de","nl"]}""")]
    [InlineData("""{"fr":"Bonjour","nl":"Dag","machine":["nl"]}""")]
    [InlineData("{}")]
    public void What_is_written_is_read_again(string json) => JsonSerializer.Serialize(Read(json), Json.Options).ShouldBe(json);

    [Theory]
    [InlineData("""{"fr":1}""")]
    [InlineData("""{"fr":null}""")]
    [InlineData("""{"fr":"x","machine":"nl"}""")]
    [InlineData("""{"fr":"x","machine":null}""")]
    [InlineData("""["fr"]""")]
    public void What_is_no_text_is_refused(string json) => Should.Throw<JsonException>(() => Read(json));

    [Fact]
    public void A_reader_gets_their_language_then_words_of_people_then_of_machines()
    {
        var text = Read("""{"fr":"un","nl":"een","de":"eins","original":"nl","machine":["fr","de"]}""");
        text.For("fr").ShouldBe(("un", "fr"));
        text.IsMachine("fr").ShouldBeTrue();
        text.For("nl").ShouldBe(("een", "nl"));
        text.IsMachine("nl").ShouldBeFalse();
        text.For("en").ShouldBe(("een", "nl"), "French stands before Dutch for who reads English, but is a machine's");
        Read("""{"de":"eins","machine":["de"]}""").For("en").ShouldBe(("eins", "de"));
        Text.Empty.For("fr").ShouldBe(("", ""));
    }

    [Fact]
    public void The_original_is_known_when_there_is_only_one_or_a_machine_names_it()
    {
        Text.Of("nl", "een").Original.ShouldBe("nl");
        Text.Four("un", "een", "one", "eins").Original.ShouldBeNull();
        Read("""{"fr":"un","nl":"een","original":"fr","machine":["nl"]}""").Original.ShouldBe("fr");
        new Text([new("fr", "un"), new("nl", "een")], "fr", ["fr", "en"]).Machine.ShouldBeEmpty("the original is nobody's translation, and English has no words");
    }

    [Fact]
    public void Words_of_a_machine_are_not_the_same_as_those_of_people()
    {
        Read("""{"fr":"un","nl":"een","original":"fr","machine":["nl"]}""").ShouldNotBe(Read("""{"fr":"un","nl":"een"}"""));
        Read("""{"nl":"een","fr":"un"}""").ShouldBe(Read("""{"fr":"un","nl":"een"}"""));
    }

    private static Text Read(string json) => JsonSerializer.Deserialize<Text>(json, Json.Options)!;
}
