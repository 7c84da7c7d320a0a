package dev.channels.demo;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Knows which of two nodes this is, where the demo runs on two. */
@ApplicationScoped
public class Node {

    @Inject
    @ConfigProperty(name = "demo.node")
    private Optional<String> name;

    @Inject
    @ConfigProperty(name = "demo.other")
    private Optional<String> other;

    /**
     * Tells its name.
     *
     * @return a number; empty if it is the only one
     */
    public String name() {
        return name.orElse("");
    }

    /**
     * Tells where the other one is.
     *
     * @return the address of its page; empty if there is none
     */
    public String other() {
        return other.orElse("");
    }
}
