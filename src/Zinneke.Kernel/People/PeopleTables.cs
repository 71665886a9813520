using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Zinneke.Kernel;

/// <summary>How accounts, sessions, roles, keys and tokens map to tables.</summary>
internal static class PeopleTables
{
    public static void Map(ModelBuilder model)
    {
        Guard.Map(model);
        Consent.Map(model);
        Residence.Map(model);
        model.Entity<Account>(account =>
        {
            account.ToTable("accounts").HasKey(a => a.Id);
            account.Property(a => a.Id).ValueGeneratedNever();
            account.HasIndex(a => a.Email).IsUnique();
            account.Property(a => a.Level).HasConversion<int>();
            account.Ignore(a => a.Actor);
            account.Ignore(a => a.Subject);
        });
        model.Entity<Session>(session =>
        {
            session.ToTable("sessions").HasKey(s => s.Id);
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => s.Hash).IsUnique();
            session.HasIndex(s => s.AccountId);
        });
        model.Entity<SignInLink>(link =>
        {
            link.ToTable("sign_in_links").HasKey(l => l.Id);
            link.Property(l => l.Id).ValueGeneratedNever();
            link.HasIndex(l => l.Hash).IsUnique();
            link.HasIndex(l => new { l.Email, l.CreatedAt });
        });
        model.Entity<AccountRole>(role =>
        {
            role.ToTable("account_roles").HasKey(r => r.Id);
            role.Property(r => r.Id).ValueGeneratedNever();
            role.HasIndex(r => r.AccountId);
            role.HasIndex(r => new { r.Role, r.Body });
            AsWords(role.Property(r => r.Categories));
            AsWords(role.Property(r => r.Areas));
        });
        model.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys").HasKey(k => k.Id);
            key.Property(k => k.Id).ValueGeneratedNever();
            key.HasIndex(k => k.Hash).IsUnique();
            AsWords(key.Property(k => k.Scopes));
            key.Ignore(k => k.Subject);
        });
        model.Entity<AccessToken>(token =>
        {
            token.ToTable("access_tokens").HasKey(t => t.Id);
            token.Property(t => t.Id).ValueGeneratedNever();
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasIndex(t => t.AccountId);
            AsWords(token.Property(t => t.Scopes));
        });
        model.Entity<Erasure>(erasure =>
        {
            erasure.ToTable("erasures").HasKey(e => e.AccountId);
            erasure.Property(e => e.AccountId).ValueGeneratedNever();
        });
    }

    /// <summary>A short list of codes as the text of a JSON array: the same column on both stores.</summary>
    internal static void AsWords(PropertyBuilder<IReadOnlyList<string>> property) => property.HasConversion(
        words => JsonSerializer.Serialize(words, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Default)!,
        new ValueComparer<IReadOnlyList<string>>((a, b) => a!.SequenceEqual(b!), words => words.Aggregate(0, HashCode.Combine), words => words.ToArray()));
}
