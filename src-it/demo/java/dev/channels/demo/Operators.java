package dev.channels.demo;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/**
 * Knows who may open the console: {@code operator}, by a password that is no secret. An application
 * would ask a directory.
 */
@ApplicationScoped
@BasicAuthenticationMechanismDefinition(realmName = "Channels EE demo")
public class Operators implements IdentityStore {

    /** The name, the password, and the role that {@code channels.console-role} names. */
    private static final String OPERATOR = "operator";

    @Override
    public CredentialValidationResult validate(Credential credential) {
        return credential instanceof UsernamePasswordCredential given
                        && given.compareTo(OPERATOR, OPERATOR)
                ? new CredentialValidationResult(OPERATOR, Set.of(OPERATOR))
                : CredentialValidationResult.INVALID_RESULT;
    }
}
