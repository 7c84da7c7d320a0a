package dev.channels.bench;

import java.time.Duration;
import java.util.List;

/** Measures the scenarios on one server, the two sides in turn. */
final class Bench {

    private static final int CHANNELS = 1000;
    private static final int SOCKETS_PER_CHANNEL = 5;
    private static final double ENOUGH_DELIVERIES = 60_000;
    private static final int LONGER = 5;

    private final Settings settings;
    private final Side plugin;
    private final Side loop;
    private final Report report;

    Bench(Settings settings, Side plugin, Side loop, Report report) {
        this.settings = settings;
        this.plugin = plugin;
        this.loop = loop;
        this.report = report;
    }

    void run() throws Exception {
        warmUp();
        for (String scenario : settings.scenarios()) {
            switch (scenario) {
                case "channels" ->
                        compare(new Load(CHANNELS * SOCKETS_PER_CHANNEL, CHANNELS, 100, CHANNELS));
                case "stuck" -> new StuckScenario(settings, plugin, loop).run(report);
                case "many" -> new ManyScenario(settings, plugin, loop).run(report);
                case "heap" -> new HeapScenario(settings, plugin, loop).run(report);
                default -> compare(load(scenario));
            }
        }
    }

    private static Load load(String scenario) {
        String[] parts = scenario.split("x");
        return Load.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Gives the JIT compiler of the server the time that it needs, for single events as well. */
    private void warmUp() throws Exception {
        Load load = Load.of(1000, 100);
        open(load);
        for (Side side : List.of(plugin, loop, plugin, loop)) {
            side.run(load.saturated(), settings.time());
            side.run(load, settings.time().multipliedBy(LONGER));
        }
    }

    private void open(Load load) throws Exception {
        plugin.open(load.sockets(), load.channels());
        loop.open(load.sockets(), load.channels());
    }

    private void compare(Load paced) throws Exception {
        open(paced);
        for (Load load : List.of(paced, paced.saturated())) {
            Comparison comparison = new Comparison(load);
            Duration half = settings.time().dividedBy(2);
            plugin.run(load, half);
            loop.run(load, half);
            for (int i = 0; i < settings.rounds(); i++) {
                comparison.plugin().add(run(plugin, load));
                comparison.loop().add(run(loop, load));
            }
            report.add(comparison);
        }
    }

    private Run run(Side side, Load load) throws Exception {
        Run run = side.run(load, load.isPaced() ? pacedTime(load) : settings.time());
        System.out.printf(
                "%s %-6s %-28s %s%n",
                settings.server(), side, load + (load.isPaced() ? " paced" : ""), run);
        return run;
    }

    /** Longer for few deliveries, for the server's own doings would blur what they cost. */
    private Duration pacedTime(Load load) {
        Duration enough =
                Duration.ofSeconds(Math.round(ENOUGH_DELIVERIES / load.deliveriesPerSecond()));
        Duration longest = settings.time().multipliedBy(LONGER);
        Duration bounded = enough.compareTo(longest) < 0 ? enough : longest;
        return bounded.compareTo(settings.time()) < 0 ? settings.time() : bounded;
    }
}
