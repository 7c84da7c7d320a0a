package dev.channels.matrix;

/** The WildFly before. */
final class WildFly38Smoke extends ServerSmoke {

    WildFly38Smoke() {
        super(new SmokeServer.OfDemo("WildFly", "wildfly-38", "wildfly", "deployments"));
    }
}
