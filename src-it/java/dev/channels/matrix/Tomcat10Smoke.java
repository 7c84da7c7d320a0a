package dev.channels.matrix;

/** Tomcat of Jakarta EE 10. */
final class Tomcat10Smoke extends ServerSmoke {

    Tomcat10Smoke() {
        super(new TomcatSmokeServer("Tomcat", "tomcat-10", 17));
    }
}
