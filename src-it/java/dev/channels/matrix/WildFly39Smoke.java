package dev.channels.matrix;

/** The WildFly of the other tests. */
final class WildFly39Smoke extends ServerSmoke {

    WildFly39Smoke() {
        super(new SmokeServer.OfDemo("WildFly", "wildfly-39", "wildfly", "deployments"));
    }
}
