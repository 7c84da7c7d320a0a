package dev.channels.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of one server as tables in Markdown, and its line in the summary. */
final class Report {

    private static final String[] PACED = {
        "paced", "events", "CPU µs", "ratio", "p50 ms", "p99 ms", "max ms", "lost", "threads"
    };
    private static final String[] SATURATED = {
        "saturated", "deliveries/s", "ratio", "CPU µs", "ratio", "lost", "threads"
    };

    private final Settings settings;
    private final Headlines headlines;
    private final List<String> paced = new ArrayList<>();
    private final List<String> saturated = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    Report(Settings settings) {
        this.settings = settings;
        this.headlines = new Headlines(settings);
    }

    void add(Comparison comparison) {
        if (comparison.load().isPaced()) {
            addPaced(comparison);
        } else {
            addSaturated(comparison);
        }
    }

    private void addPaced(Comparison it) {
        Spread cpu = it.ratio(Run::cpuMicros);
        paced.add(
                row(
                        it.load().toString(),
                        it.load().pace() + "/s",
                        it.medians("%.1f", Run::cpuMicros),
                        cpu.withRange(),
                        it.medians("%.1f", Run::p50),
                        it.medians("%.1f", Run::p99),
                        it.medians("%.1f", Run::max),
                        it.lost(),
                        it.medians("%.0f", Run::threads)));
        headlines.addPaced(it.load(), cpu);
    }

    private void addSaturated(Comparison it) {
        Spread rate = it.ratio(Run::perSecond);
        saturated.add(
                row(
                        it.load().toString(),
                        it.medians("%,.0f", Run::perSecond),
                        rate.withRange(),
                        it.medians("%.2f", Run::cpuMicros),
                        it.ratio(Run::cpuMicros).withRange(),
                        it.lost(),
                        it.medians("%.0f", Run::threads)));
        headlines.addSaturated(it.load(), rate, it.ratio(Run::cpuMicros));
    }

    void addStuck(Door door, List<StuckScenario.Round> plugin, List<StuckScenario.Round> loop) {
        others.add(table("2 of 200 sockets stop reading", "p99 alone, ms", "beside, ms", "ratio"));
        others.add(stuck("plugin", door, plugin));
        others.add(stuck("loop", Door.PLAIN, loop));
    }

    private String stuck(String name, Door door, List<StuckScenario.Round> rounds) {
        Spread alone = Spread.of(rounds.stream().mapToDouble(it -> it.alone()).toArray());
        Spread beside = Spread.of(rounds.stream().mapToDouble(it -> it.beside()).toArray());
        Spread ratio =
                Spread.of(rounds.stream().mapToDouble(it -> it.beside() / it.alone()).toArray());
        boolean blocked = rounds.stream().anyMatch(StuckScenario.Round::blocked);
        String shown = blocked ? "stood still" : ratio.withRange();
        headlines.addStuck(name, door, shown);
        return row(door + name, alone.median("%.1f"), blocked ? "–" : beside.median("%.1f"), shown);
    }

    void addMany(ManyScenario.Result result) {
        Run run = result.run();
        others.add(table("plugin", "threads before / with", "CPU µs", "p50 ms", "p99 ms", "lost"));
        others.add(
                row(
                        "10,000 sockets, 2 events/s",
                        result.threadsBefore() + " / " + run.threads(),
                        String.format(Locale.ROOT, "%.1f", run.cpuMicros()),
                        String.format(Locale.ROOT, "%.1f", run.p50()),
                        String.format(Locale.ROOT, "%.1f", run.p99()),
                        String.valueOf(run.lost())));
        headlines.addMany(result.threadsBefore() + " / " + run.threads() + ", " + run.lost());
    }

    void addHeap(Load load, Spread plugin, Spread loop) {
        double beyond = plugin.median() - loop.median();
        others.add(table("heap per idle socket, B", "plugin", "loop", "plugin beyond loop"));
        others.add(
                row(
                        load.door() + "%,d sockets".formatted(load.sockets()),
                        plugin.median("%,.0f"),
                        loop.median("%,.0f"),
                        String.format(Locale.ROOT, "%,.0f", beyond)));
        headlines.addHeap(load.door(), beyond);
    }

    private static void addTable(List<String> lines, String[] titles, List<String> rows) {
        if (!rows.isEmpty()) {
            lines.add(table(titles));
            lines.addAll(rows);
        }
    }

    private static String table(String... titles) {
        return "\n" + row(titles) + "\n|" + " --- |".repeat(titles.length);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** Writes the tables and the summary, and prints both. */
    void write(Neighbours neighbours) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("## " + settings.server() + ": plugin / loop");
        lines.add("\n" + Machine.describe(settings) + "; " + neighbours.describe());
        addTable(lines, PACED, paced);
        addTable(lines, SATURATED, saturated);
        lines.addAll(others);
        Files.createDirectories(settings.directory());
        Files.write(settings.directory().resolve(settings.server() + ".md"), lines);
        System.out.println("\n" + String.join("\n", lines) + "\n\n" + headlines.write());
    }
}
