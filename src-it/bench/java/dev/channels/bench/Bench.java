package dev.channels.bench;

import java.time.Duration;
import java.util.List;

/** Measures the scenarios on one server, the two sides in turn. */
final class Bench {

    private static final int CHANNELS = 1000;
    private static final int SOCKETS_PER_CHANNEL = 5;
    private static final String CLIENT = "client-";
    private static final String SSE = "sse-";

    /** Each event hits 100 sockets, and each socket follows ten channels. */
    private static final Load TEN_EACH = Load.of(1000, 100, 100, 100).by(Door.CLIENT).following(10);

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
                        compare(Load.of(CHANNELS * SOCKETS_PER_CHANNEL, CHANNELS, 100, CHANNELS));
                case "client-channels" -> compare(TEN_EACH);
                case "stuck" -> new StuckScenario(settings, plugin, loop, Door.PLAIN).run(report);
                case "client-stuck" ->
                        new StuckScenario(settings, plugin, loop, Door.CLIENT).run(report);
                case "sse-stuck" -> new StuckScenario(settings, plugin, loop, Door.SSE).run(report);
                case "many" -> new ManyScenario(settings, plugin, loop).run(report);
                case "heap" -> new HeapScenario(settings, plugin, loop, Door.PLAIN).run(report);
                case "client-heap" ->
                        new HeapScenario(settings, plugin, loop, Door.CLIENT).run(report);
                default -> compareSockets(scenario);
            }
        }
    }

    private void compareSockets(String scenario) throws Exception {
        if (scenario.startsWith(SSE)) {
            compareWithPlain(load(scenario.substring(SSE.length())));
        } else if (scenario.startsWith(CLIENT)) {
            compare(load(scenario.substring(CLIENT.length())).by(Door.CLIENT));
        } else {
            compare(load(scenario));
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
        plugin.open(load);
        loop.open(loop(load));
    }

    /** The loop has a socket for each channel only: as many as hear one event. */
    private static Load loop(Load load) {
        return Load.of(
                load.sockets(), load.channels() / load.perSocket(), load.size(), load.pace());
    }

    private void compare(Load paced) throws Exception {
        open(paced);
        for (Load load : List.of(paced, paced.saturated())) {
            Load loops = load.isPaced() ? loop(load) : loop(load).saturated();
            Comparison comparison = new Comparison(load);
            Duration half = settings.time().dividedBy(2);
            plugin.run(load, half);
            loop.run(loops, half);
            for (int i = 0; i < settings.rounds(); i++) {
                comparison.plugin().add(run(plugin, load));
                comparison.loop().add(run(loop, loops));
            }
            report.add(comparison);
        }
    }

    /** Server-Sent Events have no loop beside them, but the plain endpoint of the plugin. */
    private void compareWithPlain(Load paced) throws Exception {
        loop.close();
        for (Load load : List.of(paced, paced.saturated())) {
            Load sse = load.by(Door.SSE);
            Comparison comparison = new Comparison(sse);
            for (int i = 0; i < settings.rounds(); i++) {
                comparison.plugin().add(runAlone(sse));
                comparison.loop().add(runAlone(load));
            }
            report.add(comparison);
        }
    }

    /** Both follow the same channel of one application, so that there can be one of them only. */
    private Run runAlone(Load load) throws Exception {
        plugin.open(load);
        plugin.run(load, settings.time().dividedBy(2));
        return run(plugin, load);
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
