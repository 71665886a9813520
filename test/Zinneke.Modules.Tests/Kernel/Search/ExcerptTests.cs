using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel.Search;

public class ExcerptTests
{
    [Theory]
    [InlineData("Un trou à l’École", "ecol", "Un trou à l’[École]")]
    [InlineData("Œuvre, oeuvres <b>œuvre</b>", "oeuvre", "[Œuvre], [oeuvres] <b>[œuvre]</b>")]
    [InlineData("Nid-de-poule", "poule", "Nid-de-[poule]")]
    [InlineData("e\u0301cole", "ecole", "[e\u0301cole]")]
    [InlineData("", "trou", "")]
    [InlineData("  a \n b  ", "x", "a b")]
    public void What_begins_as_looked_for_is_marked(string text, string looked, string shown) => Shown(text, looked, 100).ShouldBe(shown);

    [Fact]
    public void A_long_text_is_cut_between_words_around_the_first_hit()
    {
        var text = string.Join(' ', Enumerable.Repeat("beaucoup de mots", 40)) + " trou " + string.Join(' ', Enumerable.Repeat("encore des mots", 40));
        var shown = Shown(text, "trou", 150);
        shown.ShouldStartWith("… ");
        shown.ShouldEndWith(" …");
        shown.ShouldContain(" [trou] ");
        shown.Length.ShouldBeLessThan(160);
        Shown(new string('x', 5000), "x", 100).Length.ShouldBeLessThan(110);
    }

    /// <summary>Against the definition: the least over all beginnings of the other word of the edits between whole words.</summary>
    [Fact]
    public void Edits_to_a_beginning_are_the_least_over_all_beginnings()
    {
        var random = new Random(11);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)('a' + random.Next(3))));
        for (var i = 0; i < 2000; i++)
        {
            var (word, other) = (Word(), Word());
            var least = Enumerable.Range(0, other.Length + 1).Min(length => Edits(word, other[..length]));
            Folding.EditsToBeginning(word, other, 2).ShouldBe(Math.Min(least, 3), $"{word} {other}");
        }
    }

    private static int Edits(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }
        return cost[a.Length, b.Length];
    }

    private static string Shown(string text, string looked, int lengthMax) => string.Concat(Excerpt.Of(text, [looked], lengthMax).Select(piece => piece.Hit ? $"[{piece.Words}]" : piece.Words));

    [Theory]
    [InlineData("Trou \uFFFE ici", "trou ici")]
    [InlineData("Trou \uD83D ici", "trou ici")]
    [InlineData("\uDC00É\uD800", "e")]
    public void What_is_no_character_ends_a_word_and_nothing_else(string text, string folded) => Folding.Fold(text).ShouldBe(folded);
}
