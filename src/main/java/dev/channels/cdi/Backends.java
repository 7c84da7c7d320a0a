package dev.channels.cdi;

import dev.channels.config.Key;
import dev.channels.config.Nearest;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** The backends there are: those with a factory, and the CDI beans that implement the SPI. */
final class Backends {

    private final List<BackendFactory> factories;
    private final BeanManager beans;

    private Backends(List<BackendFactory> factories, BeanManager beans) {
        this.factories = factories;
        this.beans = beans;
    }

    /** Finds the factories: those beside this class, and those that the application brings. */
    static Backends find(BeanManager beans) {
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
        return new Backends(factories, beans);
    }

    List<BackendFactory> factories() {
        return factories;
    }

    /**
     * Makes the backend that was chosen.
     *
     * @return the backend, or null if there is no such one, which is reported
     */
    @Nullable ChannelsBackend make(
            String chosen, Config config, ContainerExecutors executors, Problems problems) {
        for (BackendFactory factory : factories) {
            if (factory.name().equals(chosen)) {
                Values settings = new Values(config, "channels." + chosen + ".", problems);
                return factory.create(
                        new BackendContext(settings, executors.executor(), executors.scheduler()));
            }
        }
        Set<Bean<?>> candidates = beans.getBeans(ChannelsBackend.class, Any.Literal.INSTANCE);
        Optional<Bean<?>> bean =
                candidates.stream()
                        .filter(
                                b ->
                                        chosen.equals(b.getName())
                                                || chosen.equals(b.getBeanClass().getName()))
                        .findFirst();
        if (bean.isPresent()) {
            return (ChannelsBackend)
                    beans.getReference(
                            bean.get(),
                            ChannelsBackend.class,
                            beans.createCreationalContext(bean.get()));
        }
        reportUnknown(chosen, candidates, new Values(config, "", problems));
        return null;
    }

    private void reportUnknown(String chosen, Set<Bean<?>> candidates, Values values) {
        List<String> names = new ArrayList<>();
        factories.forEach(factory -> names.add(factory.name()));
        for (Bean<?> candidate : candidates) {
            String name = candidate.getName();
            names.add(name != null ? name : candidate.getBeanClass().getName());
        }
        values.problem(
                Key.BACKEND.key(),
                "there is no such backend",
                Nearest.remedy(chosen, names)
                        + " A CDI bean that implements dev.channels.spi.ChannelsBackend is chosen by"
                        + " its name or its class.");
    }
}
