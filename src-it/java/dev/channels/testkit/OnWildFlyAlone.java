package dev.channels.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * On tests of what is the same on each server: a page, a script, a broker. WildFly is the quickest.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = "arquillian.launch",
        matches = "wildfly",
        disabledReason = "It is the same on each server, and tested on WildFly.")
public @interface OnWildFlyAlone {}
