// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title Signed requests that somebody else brings on chain.
abstract contract Relaying is Commons {
    bytes32 private constant REQUEST = keccak256(
        "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
    );

    function request(uint256 key, address to, bytes memory data)
        internal
        view
        returns (ERC2771Forwarder.ForwardRequestData memory asked)
    {
        ERC2771Forwarder forwarder = ERC2771Forwarder(wiring.forwarder);
        asked.from = vm.addr(key);
        asked.to = to;
        asked.gas = 1_000_000;
        asked.deadline = uint48(block.timestamp + 60);
        asked.data = data;
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("EventSourced Forwarder"),
                keccak256("1"),
                block.chainid,
                wiring.forwarder
            )
        );
        bytes32 what = keccak256(
            abi.encode(
                REQUEST,
                asked.from,
                to,
                asked.value,
                asked.gas,
                forwarder.nonces(asked.from),
                asked.deadline,
                keccak256(data)
            )
        );
        asked.signature = sign(key, keccak256(abi.encodePacked(hex"1901", domain, what)));
    }

    function relay(uint256 key, address to, bytes memory data) internal {
        ERC2771Forwarder(wiring.forwarder).execute(request(key, to, data));
    }
}
