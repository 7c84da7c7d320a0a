package dev.channels.cdi;

import dev.channels.config.ChannelsConfig;
import dev.channels.config.Keys;
import dev.channels.config.PolicyConfig;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import dev.channels.spi.Nearest;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** The backends there are: those with a factory, and the CDI beans that implement the SPI. */
final class Backends {

    private static final String HISTORY = "history";

    /** The keys of a policy that are a backend's. */
    private static final List<String> HISTORY_KEYS = List.of(HISTORY, "retention");

    private final List<BackendFactory> factories;
    private final List<Bean<?>> beans;
    private final BeanManager manager;

    private Backends(List<BackendFactory> factories, List<Bean<?>> beans, BeanManager manager) {
        this.factories = factories;
        this.beans = beans;
        this.manager = manager;
    }

    /** Finds the factories: those beside this class, and those that the application brings. */
    static Backends find(ApplicationBeans beans, BeanManager manager) {
        List<BackendFactory> factories = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (ClassLoader loader :
                new ClassLoader[] {
                    Backends.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
                }) {
            for (BackendFactory factory : ServiceLoader.load(BackendFactory.class, loader)) {
                if (names.add(factory.name())) {
                    factories.add(factory);
                }
            }
        }
        return new Backends(factories, beans.of(ChannelsBackend.class), manager);
    }

    List<BackendFactory> factories() {
        return factories;
    }

    /**
     * Makes the backend that was chosen.
     *
     * @param policies what some channels have of their own
     * @return the backend, or null if there is no such one, which is reported
     */
    @Nullable ChannelsBackend make(
            String chosen,
            List<PolicyConfig> policies,
            Config config,
            ContainerExecutors executors,
            Problems problems) {
        ChannelRules<Values> rules =
                ChannelRules.of(policies, PolicyConfig::channels)
                        .map(policy -> new Values(config, policy.prefix(), problems));
        for (BackendFactory factory : factories) {
            if (factory.name().equals(chosen)) {
                Values settings = new Values(config, "channels." + chosen + ".", problems);
                reportUnread(chosen, factory.policyKeys(), rules);
                return factory.create(
                        new BackendContext(
                                settings,
                                rules.map(values -> values),
                                executors.executor(),
                                executors.scheduler()));
            }
        }
        Optional<Bean<?>> bean =
                beans.stream()
                        .filter(
                                b ->
                                        chosen.equals(b.getName())
                                                || chosen.equals(b.getBeanClass().getName()))
                        .findFirst();
        if (bean.isPresent()) {
            reportUnread(chosen, List.of(), rules);
            return ApplicationBeans.reference(manager, bean.get(), ChannelsBackend.class);
        }
        reportUnknown(chosen, new Values(config, "", problems));
        return null;
    }

    /**
     * Returns how many events the chosen backend keeps of a channel at the most: what its key
     * {@code history} says, or that of a policy.
     *
     * @return empty if it has no such key
     */
    OptionalLong mostKept(ChannelsConfig config, Config source, Problems problems) {
        return factories.stream()
                .filter(factory -> factory.name().equals(config.backend()))
                .flatMap(factory -> factory.keys().stream())
                .filter(key -> key.name().equals(HISTORY))
                .findFirst()
                .map(key -> mostKept(key, config, source, problems))
                .orElseGet(OptionalLong::empty);
    }

    private static OptionalLong mostKept(
            Key<?> key, ChannelsConfig config, Config source, Problems problems) {
        String own = "channels." + config.backend() + ".";
        LongStream ofBackend = LongStream.of(number(new Values(source, own, problems).get(key)));
        LongStream ofPolicies =
                config.security().policies().stream()
                        .map(policy -> new Values(source, policy.prefix(), problems).find(key))
                        .flatMap(Optional::stream)
                        .mapToLong(Backends::number);
        return LongStream.concat(ofBackend, ofPolicies).max();
    }

    private static long number(Object history) {
        return history instanceof Number number ? number.longValue() : Long.MAX_VALUE;
    }

    private static void reportUnread(
            String chosen, List<Key<?>> keys, ChannelRules<Values> policies) {
        List<String> read = keys.stream().<String>map(Key::name).toList();
        policies.values()
                .forEach(
                        values ->
                                HISTORY_KEYS.stream()
                                        .filter(key -> !read.contains(key))
                                        .filter(key -> values.text(key).isPresent())
                                        .forEach(key -> reportUnread(chosen, key, values)));
    }

    private static void reportUnread(String chosen, String key, Values policy) {
        policy.problem(
                key,
                "the backend " + chosen + " does not keep more or less of some channels",
                "Leave this key out, or choose a backend that does (channels.backend).");
    }

    private void reportUnknown(String chosen, Values values) {
        List<String> names = new ArrayList<>();
        factories.forEach(factory -> names.add(factory.name()));
        for (Bean<?> candidate : beans) {
            String name = candidate.getName();
            names.add(name != null ? name : candidate.getBeanClass().getName());
        }
        values.problem(
                Keys.BACKEND,
                "there is no such backend",
                Nearest.remedy(chosen, names)
                        + " A CDI bean that implements dev.channels.spi.ChannelsBackend is chosen by"
                        + " its name or its class.");
    }
}
