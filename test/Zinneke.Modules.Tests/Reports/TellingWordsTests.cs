using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What a text may tell of a person, before everybody reads it (R16).</summary>
public class TellingWordsTests
{
    [Theory]
    [InlineData("Appelez-moi au 0470 12 34 56 svp", "Appelez-moi au … svp", "0470 12 34 56")]
    [InlineData("Tel. 0470/12.34.56", "Tel. …", "0470/12.34.56")]
    [InlineData("Bel 02 555 12 34 of (02) 555.12.35", "Bel … of …", "02 555 12 34|(02) 555.12.35")]
    [InlineData("+32 470 12 34 56, 0032 2 555 12 34, +32 (0)2 555 12 34", "…, …, …", "+32 470 12 34 56|0032 2 555 12 34|+32 (0)2 555 12 34")]
    [InlineData("+33 6 12 34 56 78", "…", "+33 6 12 34 56 78")]
    [InlineData("Écrivez à ada.love-lace+rue@post.example.be.", "Écrivez à ….", "ada.love-lace+rue@post.example.be")]
    [InlineData("La voiture 1-ABC-234 et 1abc234", "La voiture … et …", "1-ABC-234|1abc234")]
    [InlineData("ABC-123, 123-ABC, AB-123-CD, 12-ABC-3, AB-12-CD, AB-123-C, B-AB 1234", "…, …, …, …, …, …, …", "ABC-123|123-ABC|AB-123-CD|12-ABC-3|AB-12-CD|AB-123-C|B-AB 1234")]
    [InlineData("Deux fois 0470 12 34 56 et 0470 12 34 56", "Deux fois … et …", "0470 12 34 56")]
    public void It_is_found_and_taken_out(string text, string without, string found)
    {
        TellingWords.Find(text).Select(one => one.Words).ShouldBe(found.Split('|'));
        TellingWords.TakeOut(text).ShouldBe(without);
        TellingWords.Find(TellingWords.TakeOut(text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Le 01/12/2026 à 10:30, il y a 3 trous de 50 cm")]
    [InlineData("Depuis le 01/12/2026 10:30, ou 01-12-2026 08")]
    [InlineData("Au 3 rue 123 et il y a 1 bus 123")]
    [InlineData("50.84660, 4.35170")]
    [InlineData("0.123456789")]
    [InlineData("Signalement 2026-000123, avenue Louise 523, 1050 Bruxelles")]
    [InlineData("Poteau n° 12345678 de la ligne 71, bus STIB-MIVB")]
    [InlineData("Depuis 2 ans et 14 jours, 1000 fois")]
    [InlineData("De put is 1 meter breed @ hoek van de straat")]
    [InlineData("RUE 123 ET AVENUE DU ROI 12-14")]
    [InlineData("E411, N4, A12 et R0")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_something_else_is_left(string? text)
    {
        TellingWords.Find(text).ShouldBeEmpty();
        TellingWords.TakeOut(text).ShouldBe(text);
    }

    [Fact]
    public void What_it_is_is_said()
    {
        TellingWords.Find("a@b.be 1-ABC-234 0470123456").ShouldBe([(Telling.Email, "a@b.be"), (Telling.Plate, "1-ABC-234"), (Telling.Phone, "0470123456")]);
    }
}
