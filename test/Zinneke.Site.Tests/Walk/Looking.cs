using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Zinneke.Site.Tests.Browser;

namespace Zinneke.Site.Tests.Walk;

/// <summary>What is looked at on every page: axe, width, words, addresses in other languages, ids and pictures.</summary>
internal static class Looking
{
    /// <summary>The narrowest screen that nothing may stick out of (WCAG 2.2, 1.4.10).</summary>
    public static Screen Narrowest { get; } = new(320, 740);

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private static readonly object Structure = new
    {
        runOnly = new { type = "tag", values = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa" } },
        rules = new Dictionary<string, object> { ["color-contrast"] = new { enabled = false } },
    };

    private static readonly object Contrast = new { runOnly = new { type = "rule", values = new[] { "color-contrast" } } };

    /// <summary>Words and marks of the document that no reader may meet, one line each.</summary>
    private const string Script = """
        (language) => {
          const found = [];
          const all = (what) => [...document.querySelectorAll(what)];
          const ids = all("[id]").map((one) => one.id);
          found.push(...new Set(ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `id twice: ${id}`)));
          for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for", "form", "list"])
            for (const one of all(`[${name}]`))
              for (const id of one.getAttribute(name).split(" "))
                if (!document.getElementById(id)) found.push(`${name} leads nowhere: ${id}`);
          for (const link of all("main a[href^='#']:not([href='#']), a.skip"))
            if (document.getElementById(link.hash.slice(1))?.checkVisibility() !== true) found.push(`link leads nowhere: ${link.hash}`);
          if (document.documentElement.lang !== language) found.push(`html lang is ${document.documentElement.lang}`);

          const named = ["alt", "aria-label", "title", "placeholder"].flatMap((name) => all(`[${name}]`).map((one) => one.getAttribute(name)));
          const shown = all(".verbatim").reduce((text, one) => text.replace(one.innerText, ""), document.body.innerText); // Texts as they are kept, with their keys.
          const words = [document.title, shown, ...named].join("\n");
          for (const [key] of words.matchAll(/\b(?:ui|kernel|reports)\.[a-z]\w*(?:\.\w+)*/gi)) found.push(`text key: ${key}`);
          for (const [gap] of words.matchAll(/\{\d+\}|\bundefined\b|\bNaN\b|\b[A-Z][a-z]+`\d/g)) found.push(`gap in a text: ${gap}`);
          for (const one of all("h1, h2, h3, dt, dd.value, summary, button, main a, th, label, legend, option, .tag"))
            if (one.closest("[hidden], [aria-hidden], .stage") === null && one.textContent.trim() === "" && !one.getAttribute("aria-label") && !one.querySelector("img, input") && !(one.tagName === "OPTION" && one.value === "")) found.push(`empty: ${one.outerHTML.slice(0, 120)}`);

          for (const form of document.forms)
            if ([...form.elements].find((one) => one.type === "submit")?.closest(".languages")) found.push("Enter in a field changes the language");
          const headings = all("h1, h2, h3, h4").filter((one) => one.closest(".sample, .specimen") === null);
          const titles = headings.filter((one) => one.tagName === "H1").length;
          if (titles !== 1) found.push(`${titles} headings of the page`);
          headings.reduce((before, one) => {
            const level = Number(one.tagName[1]);
            if (level > before + 1) found.push(`heading ${one.tagName} after H${before}: ${one.textContent}`);
            return level;
          }, 0);

          const others = ["fr", "nl", "en", "de"];
          const here = location.pathname + location.search;
          const twin = (other) => here.replace(/^\/[a-z]{2}(?=\/)/, `/${other}`);
          const same = (a, b) => new URL(a, location).pathname === new URL(b, location).pathname && new URL(a, location).search === new URL(b, location).search;
          const alternates = all("link[rel=alternate][hreflang]");
          if (document.querySelector("meta[name=robots][content~=noindex]") === null)
            for (const other of others)
              if (!alternates.some((link) => link.hreflang === other && same(link.href, twin(other)))) found.push(`no alternate in ${other}: ${alternates.map((a) => a.getAttribute("href"))}`);
          for (const other of others) {
            const link = document.querySelector(`.languages [lang="${other}"]`);
            if (link === null) found.push(`no switch to ${other}`);
            else if (link.href && !same(link.href, twin(other))) found.push(`switch to ${other} leads to ${link.getAttribute("href")}`);
            else if (link.formAction && link.tagName === "BUTTON" && link.form.id !== "unsent" && new URL(link.formAction).pathname !== twin(other).split("?")[0]) found.push(`switch to ${other} sends to ${link.formAction}`);
          }
          return found;
        }
        """;

    /// <summary>Readies a window: axe is there on each page, and live maps start only where <see cref="LiveMapsAsync"/> lets them, because drawing them takes long.</summary>
    public static async Task ReadyAsync(TestWindow window)
    {
        await window.Page.AddInitScriptAsync(Axe);
        await window.Page.AddInitScriptAsync("if (window.name !== 'live') window.IntersectionObserver = class { observe() {} disconnect() {} };");
    }

    public static Task LiveMapsAsync(TestWindow window, bool start) => window.Page.EvaluateAsync($"window.name = '{(start ? "live" : "")}'");

    /// <param name="window">As wide as <see cref="Narrowest"/>.</param>
    /// <param name="language">That the page should be in.</param>
    /// <param name="looks">Contrast and width are looked at on each of these, too.</param>
    public static async Task<IReadOnlyList<string>> AtAsync(TestWindow window, string language, IReadOnlyList<Screen> looks)
    {
        var page = window.Page;
        var found = new List<string>(await page.EvaluateAsync<string[]>(Script, language));
        found.AddRange(await AxeAsync(page, Structure));
        await TooWideAsync(page, Narrowest, found);
        foreach (var look in looks)
        {
            await page.SetViewportSizeAsync(look.Width, look.Height);
            await page.EmulateMediaAsync(new() { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
            await TooWideAsync(page, look, found);
            found.AddRange((await AxeAsync(page, Contrast)).Select(one => $"{look}: {one}"));
        }
        if (looks.Count > 0)
        {
            await page.SetViewportSizeAsync(2 * Narrowest.Width, Narrowest.Height);
            await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
            await TooWideAsync(page, Narrowest with { Width = 2 * Narrowest.Width }, found); // Text twice as large (1.4.4).
            await page.SetViewportSizeAsync(Narrowest.Width, Narrowest.Height);
        }
        return found;
    }

    private static Task<string[]> AxeAsync(IPage page, object what) => page.EvaluateAsync<string[]>("""
        async (what) => {
          const { violations } = await axe.run(document, { ...what, resultTypes: ["violations"], iframes: false, preload: false });
          return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.any.map((check) => check.message).join(" ")}`));
        }
        """, what);

    private static async Task TooWideAsync(IPage page, Screen screen, List<string> found)
    {
        // What sticks out, not only that something does.
        var sticking = await page.EvaluateAsync<string?>("""
            () => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return null;
              const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > wide + 0.5);
              return `${document.documentElement.scrollWidth} px: ${out.length === 0 ? "?" : out[out.length - 1].outerHTML.slice(0, 160)}`;
            }
            """);
        if (sticking is not null)
        {
            found.Add($"{screen}: wider than the screen: {sticking}");
        }
    }
}
