// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IVerifierPool } from "../../src/interfaces/IVerifierPool.sol";
import { vm } from "../Vm.sol";
import { PoolCase } from "./PoolCase.sol";

contract AttestVerifierTest is PoolCase {
    function test_An_attestation_is_recorded_and_expires() public {
        uint64 until = uint64(block.timestamp + 10 days);
        vm.expectEmit(wiring.verifierPool);
        emit IVerifierPool.VerifierAttested(verifiers[0], attester, "org", "asn", until);
        vm.prank(attester);
        pool.attest(verifiers[0], "org", "asn", until);
        (bytes32 orgKey, bytes32 asnKey) = pool.keysOf(verifiers[0]);
        vm.assertEq(orgKey, "org");
        vm.assertEq(asnKey, "asn");
        vm.assertEq(pool.attestationOf(verifiers[0]).attester, attester);
        vm.assertTrue(pool.hasJoined("org"));
        vm.assertTrue(pool.memberOf(verifiers[0]).attested);
        vm.assertEq(pool.attestedWeight(), pool.weightOf(verifiers[0]));
        vm.warp(until);
        (orgKey, asnKey) = pool.keysOf(verifiers[0]);
        vm.assertEq(orgKey, 0);
        vm.assertEq(asnKey, 0);
        // Taking it back: a time that has passed, no keys needed.
        vm.prank(attester);
        pool.attest(verifiers[0], 0, 0, 0);
        vm.assertFalse(pool.memberOf(verifiers[0]).attested);
        vm.assertEq(pool.attestedWeight(), 0);
    }

    function test_Attestations_that_are_refused() public {
        uint64 latest = uint64(block.timestamp + 180 days);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.ValidTooLong.selector, latest + 1, latest));
        vm.prank(attester);
        pool.attest(verifiers[0], "o", "a", latest + 1);
        vm.expectRevert(abi.encodeWithSelector(IVerifierPool.KeysMissing.selector, verifiers[0]));
        vm.prank(attester);
        pool.attest(verifiers[0], "o", 0, latest);
        vm.expectRevert();
        vm.prank(attester);
        pool.attest(999_999, "o", "a", latest);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, client, pool.ATTESTER_ROLE()
            )
        );
        vm.prank(client);
        pool.attest(verifiers[0], "o", "a", latest);
    }

    function test_The_bootstrap_ends_with_fifteen_organisations_for_good() public {
        for (uint256 i; i < 15; ++i) {
            vm.assertFalse(pool.bootstrapped());
            attest(verifiers[i], i + 1);
            // The same organisation again counts once.
            attest(verifiers[i], i + 1);
        }
        vm.assertTrue(pool.bootstrapped());
        vm.assertEq(pool.organisationCount(), 15);
        skip(200 days);
        vm.assertTrue(pool.bootstrapped());
        // An attestation before joining counts when it joins.
        uint256 verifierId = newAgent(person("late"), STAKED);
        attest(verifierId, 99);
        vm.assertEq(pool.organisationCount(), 15);
        vm.prank(person("late"));
        pool.join(verifierId);
        vm.assertEq(pool.organisationCount(), 16);
    }
}
